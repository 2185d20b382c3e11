import type { Scene } from "../scene";

/** What a caller sees of one open question, under each of its answers. */
export interface Case {
  observe: (scene: Scene) => Promise<unknown>;
  /** By the text of the answer; an amount is tried at 0 and at another. */
  expected: Record<string, unknown>;
}

export const statusOf = async (reply: Promise<{ status: number }>): Promise<number> => (await reply).status;

/** The names of what a list holds. */
export async function namesOf(
  reply: Promise<{ body: Record<string, unknown> }>,
  plural: string,
): Promise<string[]> {
  return ((await reply).body[plural] as { name: string }[]).map(({ name }) => name);
}
