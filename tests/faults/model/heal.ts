import type { Scene } from "../scene";
import type { Model } from "./commands";
import { programOf } from "./declared";

/**
 * Runs twice more. Then everything must be as declared: resources in the state exist and keys log in, and all
 * others were reported by name. If a run asks who a resource belongs to, the user answers and runs again.
 */
export async function heal(model: Model, scene: Scene): Promise<void> {
  const run = async (): Promise<string> => {
    const refreshed = await scene.refresh();
    return refreshed.failure || (await scene.up(programOf(model.declared, scene, model.adopted))).failure;
  };
  let failure = (await run()) && (await run());
  for (let questions = 0; failure !== "" && questions < 8; questions++) {
    if (!answer(failure, model, scene)) break;
    failure = await run();
  }
  await judge(model, scene, failure);
  model.adopted.clear();
  scene.removeReported();
}

async function judge(model: Model, scene: Scene, failure: string): Promise<void> {
  const { unreported, wrong } = await scene.audit();
  const program = programOf(model.declared, scene, model.adopted);
  const held = Object.keys(scene.stack.state).sort();
  const quiet = await scene.up(program);
  expect({
    failure,
    held,
    wrong,
    unreported,
    lostByStrangers: scene.lostByStrangers(),
    leaks: scene.leaks(await scene.seen()),
    condemned: scene.stack.condemned,
    changes: Object.entries(quiet.done).filter(([, operation]) => operation !== "same"),
  }).toEqual({
    failure: "",
    held: Object.keys(program).sort(),
    wrong: [],
    unreported: [],
    lostByStrangers: [],
    leaks: [],
    condemned: [],
    changes: [],
  });
}

/**
 * Answers an error that asks who a resource belongs to. It is ours, because strangers create other things
 * here. @returns whether the error was such a question
 */
function answer(failure: string, { declared, adopted }: Model, scene: Scene): boolean {
  const [, member, parent] = /(\S+) is already a member of (\S+), as .*set adopt: true/.exec(failure) ?? [];
  if (member !== undefined && parent !== undefined) {
    const program = programOf(declared, scene, adopted);
    for (const [name, [type, given]] of Object.entries(program)) {
      if (!/Binding/.test(type)) continue;
      const inputs = typeof given === "function" ? attempt(() => given(scene.stack.state)) : given;
      if (inputs?.member === member && [inputs.project, inputs.organization].includes(parent))
        adopted.set(name, true);
    }
    return true;
  }
  const [, displayName, project, candidates] =
    /the answer to the creation of "(.*)" in (\S+) was lost, and (.*) could be it: set adopt/.exec(failure) ??
    [];
  if (candidates === undefined) return false;
  for (const [name, account] of Object.entries(declared.accounts)) {
    if (account === undefined || account.displayName !== displayName || scene[account.place] !== project)
      continue;
    if (name in scene.stack.state || adopted.has(name)) continue;
    adopted.set(name, candidates.split(" and ")[0] ?? "");
    return true;
  }
  return false;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
