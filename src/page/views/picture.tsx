import { useEffect, useState } from 'preact/hooks';
import { pictureProblem } from '../api';
import { useSay } from '../words';
import { Icon } from './icons';

/** From one picture to the next, ms: as often as the camera makes key frames. */
const NEXT_MS = 2000;
/** After one that could not be had, ms. */
const AGAIN_MS = 5000;

/** The camera's last key frame, fetched anew as long as it is looked at. */
export function Picture({ live }: { readonly live: boolean }) {
  const say = useSay();
  const [count, setCount] = useState(0);
  const [hasPicture, setHasPicture] = useState(false);
  const [problem, setProblem] = useState<string>();
  useLookedAt(live, problem === undefined ? NEXT_MS : AGAIN_MS, () => setCount((last) => last + 1));
  const onLoad = (): void => {
    setHasPicture(true);
    setProblem(undefined);
  };
  const onError = async (): Promise<void> => {
    setHasPicture(false);
    setProblem((await pictureProblem()) ?? say('noPicture'));
  };
  return (
    <figure class="picture">
      <img
        src={`api/picture?${count}`}
        alt={say('cameraPicture')}
        class={hasPicture ? '' : 'gone'}
        onLoad={onLoad}
        onError={() => void onError()}
      />
      {!hasPicture && (
        <figcaption>
          <Icon name="camera" />
          <strong>{say('noPicture')}</strong>
          {problem !== undefined && <span lang="en">{problem}</span>}
        </figcaption>
      )}
    </figure>
  );
}

/** Calls `next` again and again while the page is in front. */
function useLookedAt(live: boolean, intervalMs: number, next: () => void): void {
  useEffect(() => {
    if (!live) return;
    const timer = window.setInterval(() => {
      if (!document.hidden) next();
    }, intervalMs);
    return () => window.clearInterval(timer);
  }, [live, intervalMs]);
}
