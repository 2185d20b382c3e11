import type { Type } from "./stack";
import { failureOf, type World } from "./world";

/** Runs a program of one resource that must fail, and expects that it left nothing. */
export async function refusalOf(
  world: World,
  type: Type,
  inputs: Record<string, unknown>,
  mayWrite: string[] = [],
): Promise<string> {
  const stack = world.stack();
  const before = world.snapshot();
  world.requests.clear();
  const { message } = await failureOf(stack.up({ thing: [type, inputs] }));
  expect(stack.made).toEqual({});
  expect(world.snapshot()).toEqual(before);
  expect(world.writes()).toEqual(mayWrite);
  return message;
}
