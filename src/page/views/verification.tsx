import { useState } from 'preact/hooks';
import type { CallStatus } from '../../control';
import { useSay } from '../words';
import { failureInWords } from './answer-words';
import { useAct } from './context';

/** What both users read to each other in a call whose keys came by ZRTP, and whether they have. */
export function Verification({ call }: { readonly call: CallStatus }) {
  const say = useSay();
  const act = useAct();
  const [problem, setProblem] = useState<string>();
  const { sas, verified } = call.agreed?.zrtp ?? {};
  if (sas === undefined) return null;
  const note = async (on: boolean): Promise<void> => {
    setProblem(failureInWords(await act('verify', { on, call: call.call }), say));
  };
  return (
    <>
      <p class="call-address">
        {say(verified ? 'comparedString' : 'compareString')} <strong class="tag">{sas}</strong>
      </p>
      <div class="deeds">
        <button type="button" onClick={() => void note(!verified)}>
          {say(verified ? 'notTheSame' : 'bothTheSame')}
        </button>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
