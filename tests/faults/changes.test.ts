import type { Match } from "../../emulator";
import { faults } from "./faults";
import { Bench } from "./bench";
import { judge } from "./judge";
import type { Scene } from "./scene";
import { programOf, subjects, types } from "./subjects";
import type { Program, Type } from "./stack";

let bench: Bench;
beforeAll(async () => void (bench = await Bench.start()));

/** A change that an `up` makes to an existing resource. */
interface Change {
  readonly name: string;
  readonly type: Type;
  readonly program: (scene: Scene) => Program;
  /** The request that fails. */
  readonly request: (scene: Scene) => Match;
  /** Whether the change comes so soon that a 404 on the resource may mean that the API does not show it yet. */
  readonly isAtOnce?: boolean;
}

const renamed: Change = {
  name: "an account gets another name",
  type: "serviceAccount",
  program: (scene) =>
    programOf(subjects.serviceAccount(scene), { displayName: "ERP 2", enableBasicAuth: true }),
  request: ({ home }) => ({ method: "PATCH", path: `/v2/${home}/serviceaccounts/*` }),
};
const promoted: Change = {
  name: "a member gets another role",
  type: "projectRoleBinding",
  program: (scene) => programOf(subjects.projectRoleBinding(scene), { role: "project.admin" }),
  request: ({ home }) => ({ method: "PATCH", path: `/v2/${home}/members/*` }),
};
const clientRenamed: Change = {
  name: "a project gets another name and other labels, at the name",
  type: "project",
  program: (scene) =>
    programOf(subjects.project(scene), { displayName: `${scene.client}2`, labels: { customer: "c" } }),
  request: () => ({ method: "PATCH", path: "/v2/projects/*" }),
};
const clientLabelled: Change = {
  ...clientRenamed,
  name: "a project gets another name and other labels, at the labels",
  request: () => ({ method: "POST", path: "/v2/projects:batchUpdate" }),
};

/** Each resource is replaced by one of its type elsewhere: first created there, then deleted here. */
const replacements: readonly Change[] = (
  [
    ["serviceAccount", ({ other }) => ({ project: other }), ({ other }) => `${other}/serviceaccounts`],
    [
      "serviceAccountKey",
      ({ account2 }) => ({ serviceAccount: account2 }),
      ({ account2 }) => `${account2}/keys`,
    ],
    ["projectRoleBinding", ({ other }) => ({ project: other }), ({ other }) => `${other}/members`],
    [
      "orgAdminBinding",
      ({ newcomer }) => ({ member: newcomer }),
      ({ world }) => `${world.organization}/members`,
    ],
  ] as const satisfies readonly (readonly [Type, (scene: Scene) => object, (scene: Scene) => string])[]
).flatMap(([type, inputs, list]): Change[] => {
  const program = (scene: Scene): Program => programOf(subjects[type](scene), inputs(scene));
  const old = (scene: Scene): string => subjects[type](scene).creation.path;
  return [
    {
      name: `a ${type} is replaced, at the new one's creation`,
      type,
      program,
      request: (scene) => ({ method: "POST", path: `/v2/${list(scene)}` }),
    },
    {
      name: `a ${type} is replaced, at the old one's deletion`,
      type,
      program,
      request: (scene) => ({ method: "DELETE", path: `${old(scene)}/*` }),
    },
  ];
});

const deletions: readonly Change[] = types.map((type) => ({
  name: `a ${type} is deleted`,
  type,
  program: () => ({}),
  request: (scene) => ({ method: "DELETE", path: `${subjects[type](scene).creation.path}/*` }),
  // The provider then waits for ten seconds in some cases. All other changes come later, so that they need not wait.
  isAtOnce: true,
}));

const rotations: readonly Change[] = [
  ["24h", "POST", "the new key's creation"],
  ["0s", "DELETE", "the previous key's deletion"],
].map(([overlap, method = "", at = ""]) => ({
  name: `a key is rotated, at ${at}`,
  type: "serviceAccountKey",
  program: (scene) =>
    programOf(subjects.serviceAccountKey(scene), { rotationTriggers: { round: "2" }, overlap }),
  request: ({ account }) => ({ method, path: `/v2/${account}/keys${method === "POST" ? "" : "/*"}` }),
}));

describe.each([
  renamed,
  promoted,
  clientRenamed,
  clientLabelled,
  ...replacements,
  ...deletions,
  ...rotations,
])("$name", ({ name, type, program, request, isAtOnce }) => {
  test.each(faults.filter(({ isTypical }) => isTypical))("survives: $name", async (fault) => {
    const scene = bench.scene();
    const group = /rotated|replaced|deleted/.exec(name)?.[0] ?? "updated";
    await judge(scene, `${type} ${group}`, async () => {
      const isRotation = group === "rotated";
      const before = programOf(subjects[type](scene), isRotation ? { rotationTriggers: { round: "1" } } : {});
      expect((await scene.up(before)).failure).toBe("");
      const old = Object.values(scene.stack.state)[0]!.id;
      if (isAtOnce !== true) scene.passTime();

      fault.strike(scene, request(scene));
      await scene.up(program(scene));
      await scene.calm();
      await scene.up(program(scene));
      // The update that creates a key never deletes the previous one.
      if (isRotation) await scene.up(program(scene));
      const { failure, done } = await scene.up(program(scene));
      expect({ failure, done: Object.values(done) }).toEqual({
        failure: "",
        done: group === "deleted" ? [] : ["same"],
      });

      const { orphans } = await scene.audit();
      const losesSecrets = type === "serviceAccountKey" && request(scene).method === "POST";
      if (!losesSecrets || !fault.commits || fault.isKnown === true) expect(orphans).toEqual([]);
      if (group === "replaced" || group === "deleted") expect(scene.existing()).not.toContain(old);
      if (isRotation) expect(scene.stack.state.key).toMatchObject({ id: old, outs: { generation: 2 } });
    });
  });
});
