import type { Scene } from "../scene";
import { addMember } from "./makers";
import { type Case, statusOf } from "./case";

const member = (project: string, email = "grace@example.com") => ({
  project,
  email,
  roles: ["roles/project.user"],
});

const create = ({ admin }: Scene, ...members: object[]) =>
  admin("POST", "projects/-/members:batchCreate", { members });

/** Sends a valid item and one in a missing project: status, returned members, returned errors, created members. */
async function halfGood(scene: Scene, email?: string): Promise<unknown> {
  const { status, body } = await create(scene, member(scene.project, email), member("projects/none", email));
  const counts = ["members", "batchErrors"].map(
    (field) => (body[field] as unknown[] | undefined)?.length ?? 0,
  );
  return [status, ...counts, scene.emulator.cloud.members.list(scene.project).length];
}

/** The same with one of two items already a member. */
async function withExisting(scene: Scene): Promise<unknown> {
  await addMember(scene.admin, scene.other, "grace@example.com");
  const { status, body } = await create(scene, member(scene.project), member(scene.other));
  return [status, (body["members"] as unknown[] | undefined)?.length ?? 0];
}

export const batches = {
  batchSupported: {
    observe: async (scene) => [
      await statusOf(create(scene, member(scene.project))),
      await statusOf(scene.admin("POST", "projects/-/members:batchDelete", "no batch")),
    ],
    expected: { yes: [200, 400], 403: [403, 403], 404: [404, 404], 400: [400, 400], 501: [501, 501] },
  },
  emptyBatch: {
    observe: ({ admin }) =>
      Promise.all([
        statusOf(admin("POST", "projects/-/members:batchCreate", { members: [] })),
        statusOf(admin("POST", "projects/-/members:batchDelete", { names: null })),
        statusOf(admin("POST", "projects:batchUpdate", {})),
      ]),
    expected: { 200: [200, 200, 200], 400: [400, 400, 400] },
  },
  batchLimit: {
    observe: (scene) => statusOf(create(scene, member(scene.project), member(scene.other))),
    expected: { 0: 200, 1: 400 },
  },
  batchAtomic: {
    observe: async (scene) => {
      const users = scene.emulator.cloud.users.list().length;
      const seen = await halfGood(scene, "nobody@example.com");
      // An unknown email creates a user. A failed item leaves none.
      return [seen, scene.emulator.cloud.users.list().length - users];
    },
    expected: { true: [[404, 0, 0, 0], 0], false: [[200, 1, 0, 1], 1] },
  },
  batchFailureFormat: {
    observe: (scene) => {
      scene.emulator.unknowns.batchAtomic = false;
      return halfGood(scene);
    },
    expected: { fewerMembers: [200, 1, 0, 1], batchErrors: [200, 1, 1, 1], firstError: [404, 0, 0, 1] },
  },
  batchExistingMember: {
    observe: (scene) => {
      scene.emulator.unknowns.batchAtomic = false;
      return withExisting(scene);
    },
    expected: { 409: [409, 0], skipped: [200, 1], perItem: [200, 1] },
  },
  batchDeleteMissing: {
    observe: async ({ admin, project }) => {
      const { name } = await addMember(admin, project, "grace@example.com");
      const names = [name, `${project}/members/1`];
      const removal = await statusOf(admin("POST", "projects/-/members:batchDelete", { names }));
      return [removal, await statusOf(admin("GET", name))];
    },
    expected: { 404: [404, 200], skipped: [200, 404] },
  },
  batchDeleteNameTwice: {
    observe: async ({ admin, project }) => {
      const { name } = await addMember(admin, project, "grace@example.com");
      const removal = await statusOf(
        admin("POST", "projects/-/members:batchDelete", { names: [name, name] }),
      );
      return [removal, await statusOf(admin("GET", name))];
    },
    expected: { ok: [200, 404], 400: [400, 200], missing: [404, 200] },
  },
  batchMixedEmails: {
    observe: (scene) => statusOf(create(scene, member(scene.project), member(scene.project, "b@x.no"))),
    expected: { ok: 200, 400: 400 },
  },
} satisfies Record<string, Case>;
