import { addMember } from "./makers";
import { type Case, namesOf, statusOf } from "./case";
import { assertion, grant } from "../login";
import type { Scene } from "../scene";

const roleNames = async ({ admin }: Scene): Promise<string[]> => namesOf(admin("GET", "roles"), "roles");

/** Whether one request each of two callers passes a rate limit of one. */
async function bothPass({ admin, newAccount, project }: Scene): Promise<boolean> {
  const { call } = await newAccount("project.user");
  const statuses = [await statusOf(admin("GET", project)), await statusOf(call("GET", project))];
  return statuses.every((status) => status === 200);
}

/** Uses up a limit of one request per hour, and returns the answer to the next request. */
async function refused({ admin, project }: Scene): Promise<Headers> {
  await admin("GET", project);
  return (await admin("GET", project)).headers;
}

export const answers = {
  projectOperatorRole: {
    observe: async (scene) => (await roleNames(scene)).includes("roles/project.operator"),
    expected: { false: false, true: true },
  },
  organizationViewerRole: {
    observe: async (scene) => (await roleNames(scene)).includes("roles/organization.viewer"),
    expected: { false: false, true: true },
  },
  laterPermissions: {
    observe: async ({ admin, organization }) =>
      ((await admin("GET", `${organization}/permissions`)).body["permissions"] as string[]).includes(
        "billinginfo.read",
      ),
    expected: { false: false, true: true },
  },
  projectPatchReadOnlyFields: {
    observe: async ({ admin, emulator, project }) => {
      emulator.cloud.projects.update(project, { inventory: true, sensorCount: 7, cloudConnectorCount: 1 });
      const seen = [await admin("PATCH", project, { displayName: "x" }), await admin("GET", project)];
      return seen.map(({ body }) =>
        ["displayName", "organizationDisplayName", "inventory", "sensorCount", "cloudConnectorCount"].map(
          (field) => body[field],
        ),
      );
    },
    expected: {
      zero: [
        ["x", "", false, 0, 0],
        ["x", "Example Company", true, 7, 1],
      ],
      real: [
        ["x", "Example Company", true, 7, 1],
        ["x", "Example Company", true, 7, 1],
      ],
    },
  },
  projectPostReadOnlyFields: {
    observe: async ({ admin, organization }) =>
      (await admin("POST", "projects", { organization, displayName: "x" })).body["organizationDisplayName"],
    expected: { real: "Example Company", zero: "" },
  },
  projectLabelsIfNone: {
    observe: async ({ admin, project }) => (await admin("GET", project)).body["labels"],
    expected: { "{}": {}, absent: undefined, null: null },
  },
  projectApiLabel: {
    observe: async ({ admin, organization }) => {
      const { name, labels } = (await admin("POST", "projects", { organization, displayName: "x" })).body;
      const removal = { projects: [name], removeLabels: ["created-by"] };
      const status = await statusOf(admin("POST", "projects:batchUpdate", removal));
      return [labels, status, (await admin("GET", String(name))).body["labels"]];
    },
    expected: {
      none: [{}, 200, {}],
      kept: [{ "created-by": "api" }, 200, { "created-by": "api" }],
      refused: [{ "created-by": "api" }, 400, { "created-by": "api" }],
      removed: [{ "created-by": "api" }, 200, {}],
    },
  },
  projectLocationPatch: {
    observe: async ({ admin, project }) => {
      await admin("PATCH", project, { location: { latitude: 59.9, longitude: 10.7 } });
      return (await admin("PATCH", project, { location: { timeLocation: "Europe/Oslo" } })).body["location"];
    },
    expected: {
      no: { latitude: null, longitude: null, timeLocation: "Europe/Oslo" },
      yes: { latitude: 59.9, longitude: 10.7, timeLocation: "Europe/Oslo" },
    },
  },
  projectUnsetLocation: {
    observe: async ({ admin, project }) => (await admin("GET", project)).body["location"],
    expected: {
      nulls: { latitude: null, longitude: null, timeLocation: "" },
      absent: undefined,
      null: null,
    },
  },
  duplicateProjectNames: {
    observe: async ({ admin, organization, project }) => [
      await statusOf(admin("PATCH", project, { displayName: "x" })),
      await statusOf(admin("PATCH", project, { displayName: "x" })),
      await statusOf(admin("POST", "projects", { organization, displayName: "x" })),
    ],
    expected: { ok: [200, 200, 200], "409": [200, 200, 409] },
  },
  projectDeletionRefusedWithAccounts: {
    observe: async ({ admin, organization }) => {
      const { name } = (await admin("POST", "projects", { organization, displayName: "x" })).body;
      await admin("POST", `${String(name)}/serviceaccounts`, {});
      return statusOf(admin("DELETE", String(name)));
    },
    expected: { true: 400, false: 200 },
  },
  patchOrganization: {
    observe: async ({ admin, organization, newAccount }) => {
      const { call } = await newAccount("project.user");
      return [
        await statusOf(admin("PATCH", organization, { displayName: "x" })),
        // An unsupported call is refused in the same way for every caller and body.
        await statusOf(call("PATCH", organization, { displayName: "x" })),
        await statusOf(admin("PATCH", "organizations/none", { displayName: "x" })),
        await statusOf(admin("PATCH", organization, [])),
      ];
    },
    expected: { 405: [405, 405, 405, 405], ok: [200, 403, 404, 400] },
  },
  organizationsOfProjectMembers: {
    observe: async ({ newAccount }) =>
      (await namesOf((await newAccount("project.user")).call("GET", "organizations"), "organizations"))
        .length,
    expected: { false: 0, true: 1 },
  },
  bareOrganizationFilter: {
    observe: ({ admin, organization }) =>
      statusOf(admin("GET", `projects?organization=${organization.split("/")[1] ?? ""}`)),
    expected: { accepted: 200, 400: 400 },
  },
  forbiddenAs: {
    observe: async ({ newAccount, project }) => statusOf((await newAccount()).call("GET", project)),
    expected: { 403: 403, 404: 404 },
  },
  missingProjectAs: {
    observe: ({ admin }) => statusOf(admin("GET", "projects/none")),
    expected: { 404: 404, 403: 403 },
  },
  methodNotAllowed: {
    observe: ({ admin, organization }) => statusOf(admin("PATCH", `${organization}/members/1`, {})),
    expected: { 405: 405, 501: 501 },
  },
  methodNotAllowedBody: {
    observe: async ({ admin, organization }) =>
      Object.keys((await admin("PATCH", `${organization}/members/1`, {})).body),
    expected: { empty: [], json: ["error", "code", "help"] },
  },
  errorBody: {
    observe: async ({ admin }) => Object.keys((await admin("GET", "roles/none")).body),
    expected: {
      dt: ["error", "code", "help"],
      nested: ["error"],
      grpc: ["code", "message", "details"],
      empty: [],
    },
  },
  errorCodeType: {
    observe: async ({ admin, project }) => {
      await addMember(admin, project, "a@x.no");
      const roles = ["roles/project.user"];
      return (await admin("POST", `${project}/members`, { email: "a@x.no", roles })).body["code"];
    },
    expected: { integer: 409, string: "409" },
  },
  rateLimitScope: {
    observe: bothPass,
    expected: { global: false, organization: false, account: true, key: true, address: false },
  },
  rateLimitOnTokens: {
    observe: async ({ emulator }) => statusOf(grant(emulator, await assertion(emulator, emulator.admin))),
    expected: { false: 200, true: 429 },
  },
  retryAfterHeader: {
    observe: async (scene) => {
      const header = (await refused(scene)).get("retry-after");
      return header === null ? "absent" : /^\d+$/.test(header) ? "seconds" : "date";
    },
    expected: { seconds: "seconds", date: "date", absent: "absent" },
  },
} satisfies Record<string, Case>;
