import { idOf } from "../scene";
import { addMember, makeAccount } from "./makers";
import { type Case, statusOf } from "./case";

export const accounts = {
  duplicateAccountNames: {
    observe: async ({ admin, project }) => {
      await makeAccount(admin, project, { displayName: "twin" });
      return statusOf(admin("POST", `${project}/serviceaccounts`, { displayName: "twin" }));
    },
    expected: { ok: 200, 409: 409 },
  },
  clearingDisplayName: {
    observe: async ({ admin, project }) => {
      const { name } = await makeAccount(admin, project, { displayName: "named" });
      const { status } = await admin("PATCH", name, { displayName: "" });
      return [status, (await admin("GET", name)).body["displayName"]];
    },
    expected: { ok: [200, ""], 400: [400, "named"], ignored: [200, "named"] },
  },
  defaultDisplayName: {
    observe: async ({ admin, project }) => {
      const { name, ...rest } = await makeAccount(admin, project);
      return Object.entries(rest).find(([field]) => field === "displayName")?.[1] === idOf(name);
    },
    expected: { empty: false, id: true },
  },
  displayNameMaxLength: {
    observe: ({ admin, project }) =>
      statusOf(admin("POST", `${project}/serviceaccounts`, { displayName: "longer" })),
    expected: { 0: 200, 5: 400 },
  },
  accountsPerProject: {
    observe: async ({ admin, project }) => {
      await makeAccount(admin, project);
      return statusOf(admin("POST", `${project}/serviceaccounts`));
    },
    expected: { 0: 200, 1: 400 },
  },
  accountDeletionKeepsMemberships: {
    observe: async ({ admin, newAccount }) => {
      const { name, member } = await newAccount("project.user");
      await admin("DELETE", name);
      return statusOf(admin("GET", member));
    },
    expected: { false: 404, true: 200 },
  },
  accountDeletionRefusedWithKeys: {
    observe: async ({ admin, newAccount }) => statusOf(admin("DELETE", (await newAccount()).name)),
    expected: { false: 200, true: 400 },
  },
  accountDeletionRefusedWithMemberships: {
    observe: async ({ admin, project, other }) => {
      const { name, email } = await makeAccount(admin, project);
      await addMember(admin, other, email);
      return statusOf(admin("DELETE", name));
    },
    expected: { false: 200, true: 400 },
  },
  wildcardServiceAccounts: {
    observe: ({ admin }) => statusOf(admin("GET", "projects/-/serviceaccounts")),
    expected: { 404: 404, ok: 200 },
  },
  eleventhKeyStatus: {
    observe: async ({ admin, project, emulator }) => {
      const { name } = await makeAccount(admin, project);
      for (let made = 0; made < 10; made++) emulator.cloud.keys.create({ account: name });
      return statusOf(admin("POST", `${name}/keys`));
    },
    expected: { 400: 400, 409: 409 },
  },
} satisfies Record<string, Case>;
