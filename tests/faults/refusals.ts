import { wire, type Program, type Properties, type Stack, type Type } from "../provider/stack";
import { failureOf, printed, type World } from "../provider/world";
import { tally } from "./tally";

/** Adopts an existing resource into the state of a stack. */
export async function adopt(stack: Stack, type: Type, inputs: Properties): Promise<Program> {
  const program: Program = { thing: [type, inputs] };
  await printed(() => stack.up(program));
  return program;
}

/** Makes the provider calls of `pulumi preview`. It makes no call for resources that are only deleted. */
export async function preview({ handlers, made }: Stack, program: Program): Promise<void> {
  for (const [name, [type, given]] of Object.entries(program)) {
    const old = made[name];
    if (old === undefined) continue;
    const news = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const { inputs } = await handlers[type].check(wire(old.inputs), wire(news));
    await handlers[type].diff(old.id, wire(old.outs), wire(inputs));
  }
}

const wayOut = "If you really want this, set `allowLockout: true` on this resource and run `pulumi up` first";

/**
 * Expects that a program is refused with these words before anything is written. Expects the same in the
 * preview if the facts are known there.
 */
export async function expectRefusal(
  world: World,
  stack: Stack,
  program: Program,
  words: string,
  inPreview: boolean,
): Promise<void> {
  let letThrough = 1;
  try {
    const before = [world.snapshot(), { ...stack.made }];
    world.requests.clear();
    if (inPreview)
      expect((await failureOf(preview(stack, program))).message).toBe(`refused: ${words}. ${wayOut}`);
    expect((await failureOf(stack.up(program))).message).toBe(`refused: ${words}. ${wayOut}`);
    expect([world.snapshot(), stack.made]).toEqual(before);
    expect(world.writes()).toEqual([]);
    letThrough = 0;
  } finally {
    tally({ group: "lock-outs", passed: letThrough === 0, lockOutsLetThrough: letThrough });
  }
}

/** Expects that one input allows the change. One `up` records the input; it takes effect in the next. */
export async function expectAllowed(stack: Stack, now: Program, then: Program): Promise<void> {
  const [type, inputs] = now.thing!;
  const allowing: Program = { thing: [type, { ...(inputs as Properties), allowLockout: true }] };
  expect(await stack.up(allowing)).toEqual({ thing: "update" });
  await stack.up(withAllowance(then));
}
const withAllowance = (program: Program): Program =>
  Object.fromEntries(
    Object.entries(program).map(([name, [type, inputs]]) => [
      name,
      [type, { ...(inputs as Properties), allowLockout: true }],
    ]),
  );
