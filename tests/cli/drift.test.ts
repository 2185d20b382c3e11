import { startWorld, type World } from "../provider/world";
import { cli, type Run } from "./command";
import { exported } from "./state";

interface Document {
  summary: { result: string; exitCode: number; counts: Record<string, number> };
  findings: { id: string; class: string; changes: { property: string }[]; message: string }[];
}

/** Runs `drift --format json` on a state, and hands out the document. */
async function drift(world: World, state: object, ...args: string[]): Promise<Run & { document: Document }> {
  const run = await cli(["drift", "--state", "-", "--format", "json", ...args], {
    env: world.settings as unknown as Record<string, string>,
    input: JSON.stringify(state),
  });
  return {
    ...run,
    document: run.stdout === "" ? (undefined as never) : (JSON.parse(run.stdout) as Document),
  };
}

test("A stack that is as declared has no finding and exits 0.", async () => {
  const world = await startWorld();
  const stack = world.stack();
  await stack.up({
    erp: ["serviceAccount", { project: world.projects[1], displayName: "ERP" }],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    grant: [
      "projectRoleBinding",
      ({ erp }) => ({ project: world.projects[1], member: erp!.outs.email, role: "project.user" }),
    ],
  });
  const { exitCode, document, stderr } = await drift(world, exported(stack));
  expect({ stderr, findings: document.findings, exitCode }).toEqual({
    stderr: "",
    findings: [],
    exitCode: 0,
  });
  expect(document.summary.result).toBe("clean");
});
