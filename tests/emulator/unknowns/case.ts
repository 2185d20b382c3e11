import type { Scene } from "../scene";

/** What a caller observes with each value of a switch. */
export interface Case {
  observe: (scene: Scene) => Promise<unknown>;
  /** By the value as text. A number is tested with 0 and another value. */
  expected: Record<string, unknown>;
}

export const statusOf = async (reply: Promise<{ status: number }>): Promise<number> => (await reply).status;

/** The names of the items in a list. */
export async function namesOf(
  reply: Promise<{ body: Record<string, unknown> }>,
  plural: string,
): Promise<string[]> {
  return ((await reply).body[plural] as { name: string }[]).map(({ name }) => name);
}
