// Types, as from anywhere outside this folder.
import type { Control } from '..';
import { type Answer, because } from './answer';

/** GET /api/picture: the camera's last key frame. */
export async function picture({ agent }: Control): Promise<Answer> {
  try {
    const { jpeg } = await agent.still();
    const headers = { 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-store' };
    return { status: 200, headers, body: jpeg };
  } catch (error) {
    // An AgentException: its class is another one in this file.
    if (error instanceof Error && 'refusal' in error) return because(503, error.message);
    throw error;
  }
}
