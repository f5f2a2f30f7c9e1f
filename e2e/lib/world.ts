// What every test gets: a simulator and a server of its own, a browser that is watched, and
// the API through the browser's own session.

import { type APIRequestContext, test as base, expect } from '@playwright/test';
import { startDemo, startServer, startSim, temporaryFolder } from '../programs.mjs';
import { Guard } from './guard.ts';

export { expect };

/** Which programs stand behind the page. */
export type Setup = 'server' | 'demo';

/** How the events reach the server. */
export type Transport = 'auto' | 'conduit' | 'webhook' | 'websocket';

/** What Twitch signs webhooks with, so that a test can send some itself. */
export const EVENTSUB_SECRET = 'a-secret-for-tests-alone';

type Running = Awaited<ReturnType<typeof startServer>>;

/** The programs of one test. */
export class World {
  readonly url: string;
  readonly #startOn: (port: number) => Promise<Running>;

  constructor(
    public server: Running,
    /** Where the simulator is. */
    readonly sim: string,
    startOn: (port: number) => Promise<Running>,
  ) {
    this.url = server.url;
    this.#startOn = startOn;
  }

  /** Ends the server without a word, as a power cut would. */
  async cut(): Promise<void> {
    await this.server.program.cut();
  }

  /** Starts the server again where it was. */
  async start(): Promise<void> {
    this.server = await this.#startOn(this.server.port);
  }
}

interface Fixtures {
  setup: Setup;
  transport: Transport;
  world: World;
  guard: Guard;
}

/** The simulator inside the demo is where its login leads. */
async function simBehind(url: string): Promise<string> {
  const answer = await fetch(`${url}/auth/login`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (!location) throw new Error(`/auth/login answered ${answer.status} without a location`);
  return new URL(location).origin;
}

export const test = base.extend<Fixtures>({
  setup: ['server', { option: true }],
  transport: ['auto', { option: true }],

  world: async ({ setup, transport }, use, info) => {
    const folder = await temporaryFolder();
    const args = ['--quiet', ...(transport === 'webhook' ? ['--allow-http-callbacks'] : [])];
    const sim = setup === 'server' ? await startSim(folder.path, { args }) : null;
    const startOn = (port: number) =>
      sim
        ? startServer(folder.path, { ...sim.settings, EVENTSUB_SECRET, EVENTSUB_TRANSPORT: transport }, { port })
        : startDemo(folder.path, { port });
    let world: World | null = null;
    try {
      const server = await startOn(0);
      world = new World(server, sim?.url ?? (await simBehind(server.url)), startOn);
      await use(world);
      if (info.status !== info.expectedStatus) {
        await info.attach('server.log', { body: world.server.program.log });
        if (sim) await info.attach('sim.log', { body: sim.program.log });
      }
    } finally {
      await world?.server.program.stop();
      await sim?.program.stop();
      await folder.remove();
    }
  },

  baseURL: async ({ world }, use) => use(world.url),

  guard: [
    async ({ context, world }, use) => {
      const guard = new Guard(world.url, world.sim);
      await guard.watch(context);
      await use(guard);
      guard.verify();
    },
    { auto: true },
  ],
});

/** JSON of a call that must succeed. */
export async function json<T>(request: APIRequestContext, path: string): Promise<T> {
  const answer = await request.get(path);
  expect(answer.ok(), `GET ${path}: ${answer.status()}`).toBe(true);
  return (await answer.json()) as T;
}
