import { startEmulator, type Emulator } from "../../emulator";
import * as dt from "../../sdk";
import { accessIn } from "./access";
import * as engine from "./harness/engine";

jest.setTimeout(120_000);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      organizations: [
        { id: "a", displayName: "Company A", projects: [{ id: "home-of-a", displayName: "Home" }] },
        { id: "b", displayName: "Company B", projects: [{ id: "site-of-b", displayName: "Site" }] },
      ],
    },
  });
});
afterAll(() => emulator.close());

/** The credentials of an administrator of company B. */
function administratorOfB() {
  const { name, email } = emulator.cloud.accounts.create({
    project: "projects/site-of-b",
    displayName: "B's Pulumi",
  });
  emulator.cloud.members.create({ scope: "organizations/b", email, roles: ["roles/organization.admin"] });
  return emulator.cloud.credentials(name);
}

test("an account of one company gets a role in another's project, each with its own credentials", async () => {
  const companyB = administratorOfB();
  const before = accessIn(emulator);
  const stack = await engine.stack({
    env: { ...emulator.settings },
    program: () => {
      const account = new dt.ServiceAccount("integrator", {
        project: "home-of-a",
        displayName: "Integrator",
      });
      const { email, keyId, secret } = companyB;
      const provider = new dt.Provider("company-b", {
        email,
        keyId,
        keySecret: secret,
        apiUrl: emulator.url,
        tokenEndpoint: emulator.tokenEndpoint,
      });
      new dt.ProjectRoleBinding(
        "site",
        { project: "site-of-b", member: account.email, role: "project.user" },
        { provider },
      );
    },
  });

  await stack.up();
  const [integrator] = emulator.cloud.accounts
    .list("projects/home-of-a")
    .filter(({ displayName }) => displayName === "Integrator");
  expect(emulator.cloud.members.list("projects/site-of-b")).toMatchObject([
    { email: integrator!.email, roles: ["roles/project.user"] },
  ]);
  const callerOf = (path: string) =>
    emulator.requests.find((request) => request.method === "POST" && request.path === path)?.caller;
  expect(callerOf("/v2/projects/home-of-a/serviceaccounts")).toBe(emulator.admin.email);
  expect(callerOf("/v2/projects/site-of-b/members")).toBe(companyB.email);
  expect(stack.stateText()).not.toContain(companyB.secret);

  expect((await stack.up({ expectNoChanges: true })).changes).toEqual({});
  expect((await stack.previewRefresh({ expectNoChanges: true })).changes).toEqual({});
  await stack.destroy();
  expect(accessIn(emulator)).toEqual(before);
});

test("without the other company's credentials the role is refused, and the message names the project", async () => {
  const before = accessIn(emulator);
  const stack = await engine.stack({
    env: { ...emulator.settings },
    program: () => {
      new dt.ProjectRoleBinding("site", {
        project: "site-of-b",
        member: "jane@example.com",
        role: "project.user",
      });
    },
  });
  await expect(stack.up()).rejects.toThrow(/site-of-b/);
  expect(accessIn(emulator)).toEqual(before);
});
