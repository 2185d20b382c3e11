import { addMember, makeAccount } from "./makers";
import { type Case, namesOf, statusOf } from "./case";

const days = 86_400_000;
const fresh = "new@example.com";
const unknownAccount = "cccccccccccccccccccc@dddddddddddddddddddd.serviceaccount.d21s.com";

/** Invites somebody and moves the clock two days ahead. The invitation is valid for one day. */
const afterTwoDays: Case["observe"] = async ({ emulator, project, newAccount }) => {
  emulator.unknowns.invitationLifetimeDays ||= 1;
  const { name } = emulator.cloud.members.create({
    scope: project,
    email: fresh,
    roles: ["roles/project.user"],
  });
  emulator.clock.advance(2 * days);
  const { call } = await newAccount("project.admin");
  const { status, body } = await call("GET", name);
  return [status, body["status"]];
};

/** Removes the only admin of a scope. */
const removeLast =
  (role: string): Case["observe"] =>
  async ({ admin, emulator, newAccount, organization }) => {
    const { member } = await newAccount(role);
    const scope = role.startsWith("organization.") ? organization : (member.split("/members/")[0] ?? "");
    for (const { name } of emulator.cloud.members.list(scope)) {
      // Keep the admin account, because it sends the DELETE.
      if (name !== member && !name.endsWith(emulator.admin.name.split("/").at(-1) ?? ""))
        emulator.cloud.members.delete(name);
    }
    if (role.startsWith("project.")) return statusOf(admin("DELETE", member));
    await admin("DELETE", member);
    return statusOf(
      admin("DELETE", `${organization}/members/${emulator.admin.name.split("/").at(-1) ?? ""}`),
    );
  };

/** The items that an email filter without a match leaves in a list. */
const filtered =
  (list: (project: string) => string): Case["observe"] =>
  async ({ admin, project, newAccount }) => {
    await newAccount("project.user");
    const reply = await admin("GET", `${list(project)}?email=nobody@example.com`);
    return reply.status === 200 ? (reply.body["members"] as unknown[]).length : reply.status;
  };

export const members = {
  memberCreateTime: {
    observe: async ({ admin, project }) => {
      const { createTime } = await addMember(admin, project, fresh);
      return typeof createTime === "string" ? createTime.startsWith("1970-01-01T") : createTime;
    },
    expected: { real: false, null: null, 1970: true },
  },
  memberEnumValues: {
    observe: async ({ admin, project }) => {
      const { accountType, memberStatus } = await addMember(admin, project, "grace@example.com");
      return [accountType, memberStatus];
    },
    expected: { known: ["USER", "ACCEPTED"], new: ["PERSON", "ACTIVE"] },
  },
  wrongRoleCount: {
    observe: async ({ admin, project }) => {
      const roles = ["roles/project.user", "roles/project.developer"];
      return statusOf(admin("POST", `${project}/members`, { email: fresh, roles }));
    },
    expected: { 400: 400, accepted: 200 },
  },
  wrongScopeStatus: {
    observe: async ({ admin, project }) =>
      (await addMember(admin, project, fresh, "organization.admin")).status,
    expected: { 400: 400, 403: 403 },
  },
  unknownRoleStatus: {
    observe: async ({ admin, project }) => (await addMember(admin, project, fresh, "project.king")).status,
    expected: { 400: 400, 404: 404 },
  },
  mailToKnownUsers: {
    observe: async ({ admin, project, emulator }) => {
      await addMember(admin, project, "grace@example.com");
      return emulator.cloud.mails.length;
    },
    expected: { true: 1, false: 0 },
  },
  invitationLifetimeDays: {
    observe: async ({ emulator, project, newAccount }) => {
      emulator.unknowns.expiredInvitation = "vanishes";
      const roles = ["roles/project.user"];
      const { name } = emulator.cloud.members.create({ scope: project, email: fresh, roles });
      emulator.clock.advance(2 * days);
      return statusOf((await newAccount("project.admin")).call("GET", name));
    },
    expected: { 0: 200, 1: 404 },
  },
  expiredInvitation: {
    observe: afterTwoDays,
    expected: { stays: [200, "PENDING"], vanishes: [404, undefined], EXPIRED: [200, "EXPIRED"] },
  },
  memberIdChangesOnAccept: {
    observe: async ({ admin, project, emulator }) => {
      const { name } = await addMember(admin, project, fresh);
      emulator.cloud.acceptInvitation(fresh);
      const [member] = emulator.cloud.members.list(project);
      return [member?.status, member?.name === name];
    },
    expected: { false: ["ACCEPTED", true], true: ["ACCEPTED", false] },
  },
  unknownServiceAccountEmail: {
    observe: async ({ admin, project }) => {
      const { status, memberStatus } = await addMember(admin, project, unknownAccount);
      return memberStatus ?? status;
    },
    expected: { 400: 400, 404: 404, pending: "PENDING" },
  },
  accountsOfOtherOrganizations: {
    observe: async ({ admin, project, emulator }) => {
      const { name: organization } = emulator.cloud.organizations.create({ displayName: "Theirs" });
      const { name: theirs } = emulator.cloud.projects.create({ organization, displayName: "Theirs" });
      const { email } = emulator.cloud.accounts.create({ project: theirs });
      const own = emulator.cloud.accounts.create({ project });
      return [
        (await addMember(admin, project, email)).status,
        (await addMember(admin, project, own.email)).status,
      ];
    },
    expected: { ok: [200, 200], 400: [400, 200] },
  },
  projectMemberFilter: {
    observe: filtered((project) => `${project}/members`),
    expected: { ignored: 1, works: 0, 400: 400 },
  },
  lastAdminRemoval: { observe: removeLast("organization.admin"), expected: { ok: 200, 400: 400 } },
  lastProjectAdminRemoval: { observe: removeLast("project.admin"), expected: { ok: 200, 400: 400 } },
  wildcardNeeds: {
    observe: ({ admin, organization }) =>
      Promise.all(
        ["", "memberId=x", `organization=${organization}`, `memberId=x&organization=${organization}`].map(
          (query) => statusOf(admin("GET", `projects/-/members?${query}`)),
        ),
      ),
    expected: {
      nothing: [200, 200, 200, 200],
      memberId: [400, 200, 400, 200],
      organization: [400, 400, 200, 200],
      both: [400, 400, 400, 200],
    },
  },
  wildcardEmailFilter: {
    observe: filtered(() => "projects/-/members"),
    expected: { ignored: 1, works: 0, 400: 400 },
  },
  wildcardPermission: {
    observe: async ({ newAccount, emulator }) => {
      emulator.unknowns.organizationViewerRole = true;
      // An admin who is also a project member in another organization.
      const both = await newAccount("organization.admin");
      const { name: organization } = emulator.cloud.organizations.create({ displayName: "Theirs" });
      const { name: scope } = emulator.cloud.projects.create({ organization, displayName: "Theirs" });
      emulator.cloud.members.create({ scope, email: both.email, roles: ["roles/project.admin"] });
      const replies = ["project.admin", "organization.viewer"].map(async (role) =>
        (await newAccount(role)).call("GET", "projects/-/members"),
      );
      const [admin, viewer] = await Promise.all(replies);
      const { body } = await both.call("GET", "projects/-/members");
      const names = (body["members"] as { name: string }[]).map(({ name }) => name);
      return [admin?.status, viewer?.status, names.some((name) => name.startsWith(scope))];
    },
    expected: { reach: [200, 200, true], "organization.admin": [403, 403, false] },
  },
  orgAdminsInProjectLists: {
    observe: async ({ admin, project, newAccount, emulator }) => {
      emulator.unknowns.organizationViewerRole = true;
      await newAccount("organization.viewer");
      const inProject = await namesOf(admin("GET", `${project}/members`), "members");
      const inAll = await namesOf(admin("GET", "projects/-/members"), "members");
      return [inProject.length, inAll.length];
    },
    // Two admins and a viewer, in four projects.
    expected: { no: [0, 0], projects: [2, 0], wildcard: [0, 8], both: [2, 8] },
  },
  emailCase: {
    observe: async ({ admin, project }) => {
      await addMember(admin, project, "Somebody@example.com");
      return (await addMember(admin, project, "somebody@example.com")).status;
    },
    expected: { oneUser: 409, twoUsers: 200 },
  },
  memberEmailReturned: {
    observe: async ({ admin, project }) => (await addMember(admin, project, "Somebody@Example.com"))["email"],
    expected: { asTyped: "Somebody@Example.com", lowerCase: "somebody@example.com" },
  },
  grantAboveOwnRole: {
    observe: async ({ newAccount, project, admin }) => {
      const { email } = await makeAccount(admin, project);
      return (await addMember((await newAccount("project.admin")).call, project, email, "project.admin"))
        .status;
    },
    expected: { ok: 200, 403: 403 },
  },
} satisfies Record<string, Case>;
