import { addMember, makeAccount, makeKey } from "./makers";
import { type Case, namesOf, statusOf } from "./case";

const never = 3_600_000;

/** Checks whether a list contains a new resource that still returns 404. */
const seenInList: Case = {
  observe: async ({ admin, project, emulator }) => {
    emulator.unknowns.propagationAccountMs = never;
    await makeAccount(admin, project);
    return (await namesOf(admin("GET", `${project}/serviceaccounts`), "serviceAccounts")).length;
  },
  expected: { true: 0, false: 1 },
};

export const conventions = {
  createdStatus: {
    observe: ({ admin, project }) => statusOf(admin("POST", `${project}/serviceaccounts`, {})),
    expected: { 200: 200, 201: 201 },
  },
  successWithoutBody: {
    observe: async ({ admin, project, emulator }) => {
      const { name } = emulator.cloud.accounts.create({ project });
      const { status, headers } = await admin("DELETE", name);
      return [status, headers.get("content-length")];
    },
    expected: { "{}": [200, "2"], 204: [204, null], empty: [200, "0"] },
  },
  propagationAccountMs: {
    observe: async ({ admin, project }) => {
      const { name, email } = await makeAccount(admin, project);
      return [
        await statusOf(admin("GET", name)),
        await statusOf(admin("POST", `${name}/keys`)),
        await statusOf(admin("POST", `${project}/members`, { email, roles: ["roles/project.user"] })),
      ];
    },
    expected: { 0: [200, 200, 200], [never]: [404, 404, 404] },
  },
  propagationKeyMs: {
    observe: async ({ admin, project, emulator }) => {
      const { name } = await makeAccount(admin, project);
      const key = await makeKey(admin, name);
      const list = await namesOf(admin("GET", `${name}/keys`), "keys");
      return [await statusOf(admin("GET", key.name)), list.length, await key.logsIn(emulator)];
    },
    expected: { 0: [200, 1, true], [never]: [404, 0, false] },
  },
  propagationProjectMs: {
    observe: async ({ admin, organization }) => {
      const { body } = await admin("POST", "projects", { organization, displayName: "new" });
      const name = String(body["name"]);
      return [await statusOf(admin("GET", name)), await statusOf(admin("POST", `${name}/serviceaccounts`))];
    },
    expected: { 0: [200, 200], [never]: [404, 404] },
  },
  propagationMemberMs: {
    observe: async ({ admin, project, newAccount }) => {
      const { call, email } = await newAccount();
      const { name } = await addMember(admin, project, email);
      return [await statusOf(admin("GET", name)), await statusOf(call("GET", project))];
    },
    expected: { 0: [200, 200], [never]: [404, 403] },
  },
  propagationInLists: seenInList,
  sortOrder: {
    observe: async ({ admin, project, emulator }) => {
      for (const id of ["b", "c", "a"]) emulator.cloud.accounts.create({ project, id });
      const names = await namesOf(admin("GET", `${project}/serviceaccounts`), "serviceAccounts");
      return names.map((name) => name.at(-1)).join("");
    },
    expected: { createdAsc: "bca", createdDesc: "acb", byName: "abc" },
  },
  pageTokenLifetimeSeconds: {
    observe: async ({ admin, emulator }) => {
      const { body } = await admin("GET", "projects?pageSize=1");
      emulator.clock.advance(120_000);
      return statusOf(admin("GET", `projects?pageToken=${String(body["nextPageToken"])}`));
    },
    expected: { 0: 200, 60: 400 },
  },
  pageTokenOfAnotherList: {
    observe: async ({ admin, project }) => {
      const { body } = await admin("GET", "projects?pageSize=1");
      return statusOf(admin("GET", `${project}/members?pageToken=${String(body["nextPageToken"])}`));
    },
    expected: { 400: 400, ignored: 200 },
  },
  pageSizeAbove100: {
    observe: ({ admin }) => statusOf(admin("GET", "projects?pageSize=101")),
    expected: { clamp: 200, 400: 400 },
  },
  defaultPageSize: {
    observe: async ({ admin }) => {
      const { body } = await admin("GET", "projects");
      return [(body["projects"] as unknown[]).length, body["nextPageToken"] !== ""];
    },
    expected: { 0: [4, false], 3: [3, true] },
  },
  extraFields: {
    observe: async ({ admin, project }) => Object.hasOwn((await admin("GET", project)).body, "etag"),
    expected: { false: false, true: true },
  },
  queryNames: {
    observe: async ({ admin }) => (await namesOf(admin("GET", "projects?page_size=1"), "projects")).length,
    expected: { both: 1, camelCase: 4 },
  },
  queryParameterTwice: {
    observe: async ({ admin }) => {
      const { status, body } = await admin("GET", "projects?pageSize=1&page_size=2");
      return [status, (body["projects"] as unknown[] | undefined)?.length];
    },
    expected: { first: [200, 1], last: [200, 2], 400: [400, undefined] },
  },
  encodedColon: {
    observe: async ({ admin, project }) => {
      const { name } = await addMember(admin, project, "new@example.com");
      const batch = { projects: [project] };
      return [
        await statusOf(admin("POST", "projects%3AbatchUpdate", batch)),
        await statusOf(admin("GET", `${name}%3agetInviteUrl`)),
      ];
    },
    expected: { 404: [404, 404], verb: [200, 200] },
  },
} satisfies Record<string, Case>;
