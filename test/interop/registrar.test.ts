import { describe, expect, it } from 'vitest';
import { sipMessages } from '../toolkit/measure/sip-trace';
import { Kamailio } from '../toolkit/peers/kamailio';
import { sleep, waitUntil } from '../toolkit/process/wait';
import { Stage, type TestAgent } from './support/stage';

const stage = await Stage.open('registrar');

function account(
  kamailio: Kamailio,
  user: string,
  password = Kamailio.password(user),
): Record<string, unknown> {
  return {
    account: {
      uri: `sip:${user}@${kamailio.domain}`,
      registrar: `sip:${kamailio.domain}`,
      username: user,
      password,
      expires: 60,
    },
  };
}

function untilRegistration(agent: TestAgent, state: string): Promise<string> {
  return waitUntil(`a registration that is ${state}`, async () => {
    const { registration } = await agent.status();
    return registration?.state === state ? registration.detail || ' ' : undefined;
  });
}

describe.each(['MD5', 'SHA-256'] as const)('with kamailio asking for %s', (algorithm) => {
  it('registers, learns the shortest interval, and un-registers at its end', async () => {
    const kamailio = await stage.kamailio({ algorithm, minExpires: 120 });
    const datagrams = await stage.captured(`register-${algorithm}`, async () => {
      const agent = await stage.agent({
        name: `agent-${algorithm}`,
        sections: account(kamailio, 'car'),
      });
      await untilRegistration(agent, 'registered');
      await agent.stop();
    });
    const messages = sipMessages(datagrams).filter(({ cseq }) => cseq.endsWith('REGISTER'));
    const challenge = messages.find(({ status }) => status === 401);
    const challenged = /algorithm=([\w-]+)/.exec(challenge?.text ?? '')?.[1] ?? 'MD5';
    expect(challenged).toBe(algorithm);
    expect(messages.map(({ status }) => status)).toContain(423);
    const last = messages.filter(({ method }) => method === 'REGISTER').at(-1);
    expect(last?.text).toMatch(/Expires: *0\r|expires=0\r/i);
    expect(messages.at(-1)?.status).toBe(200);
    await kamailio.stop();
  });
});

describe('with kamailio', () => {
  it('says that the password is wrong, and does not hammer', async () => {
    const kamailio = await stage.kamailio({ algorithm: 'SHA-256' });
    const datagrams = await stage.captured('wrong-password', async () => {
      const agent = await stage.agent({
        name: 'agent-wrong',
        sections: account(kamailio, 'car', 'guess'),
      });
      expect(await untilRegistration(agent, 'failed')).toMatch(/password|401|credentials/i);
      await sleep(1500);
      expect((await agent.status()).problems.join()).toMatch(/registration/);
      await agent.stop();
    });
    const requests = sipMessages(datagrams).filter(
      ({ method, text }) => method === 'REGISTER' && !/^Expires: *0\r/m.test(text),
    );
    expect(requests).toHaveLength(2);
    await kamailio.stop();
  });

  it('is called and calls through the proxy', async () => {
    const kamailio = await stage.kamailio({});
    const agent = await stage.agent({ name: 'agent-proxy', sections: account(kamailio, 'car') });
    const phone = await stage.baresip('home', {
      account: {
        registrar: kamailio.domain,
        user: 'home',
        password: Kamailio.password('home'),
      },
    });
    await untilRegistration(agent, 'registered');
    await phone.process.waitFor(/200 OK .*\[1 binding\]/);
    await agent.call(`sip:home@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await agent.hangup();
    expect(await agent.untilIdle()).toBe('hung up here');
    await phone.dial(`sip:car@${kamailio.domain}`);
    await agent.until('active');
    await agent.untilHears();
    await phone.hangup();
    expect(await agent.untilIdle()).toBe('hung up by the far end');
    await agent.call(`sip:nobody@${kamailio.domain}`);
    expect(await agent.untilIdle()).toMatch(/404/);
  });

  it('registers when the registrar comes back', async () => {
    const port = stage.ports.next();
    const sections = {
      account: {
        uri: `sip:car@127.0.0.1:${port}`,
        registrar: `sip:127.0.0.1:${port}`,
        username: 'car',
        password: Kamailio.password('car'),
      },
    };
    const agent = await stage.agent({ name: 'agent-early', sections });
    await agent.untilProblem(/registration/);
    const kamailio = await stage.kamailio({ port });
    await waitUntil(
      'the registration',
      async () => (await agent.status()).registration?.state === 'registered',
      45_000,
      250,
    );
    await agent.stop();
    await kamailio.stop();
  });
});
