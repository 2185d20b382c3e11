import type { Program } from "./stack";
import type { World } from "./world";

/**
 * Takes all four resources through their lives, under any answers of the cloud to open questions. The steps
 * are: create, no change, update in place, drift by hand that is found and corrected, replacement, deletion
 * by hand and creation again, an accepted invitation, and destroy.
 */
export async function lifeCycle(world: World): Promise<void> {
  const { cloud, projects, organization, unknowns } = world;
  const [home, other] = projects;
  const stack = world.stack();
  const before = existing(world);
  const program = ({ displayName = "ERP", role = "project.user", project = other } = {}): Program => ({
    erp: ["serviceAccount", { project: home, displayName }],
    key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    machine: ["projectRoleBinding", ({ erp }) => ({ project, member: erp!.outs.email, role })],
    person: ["projectRoleBinding", { project, member: "New.Person@example.com", role }],
    known: ["projectRoleBinding", { project, member: "grace@example.com", role }],
    admin: ["orgAdminBinding", { organization, member: "grace@example.com" }],
  });
  const all = (operation: string) =>
    Object.fromEntries(Object.keys(program()).map((name) => [name, operation]));
  const expectQuiet = async (declared: Program) => {
    expect(await stack.refresh()).toEqual(
      Object.fromEntries(Object.keys(stack.made).map((name) => [name, []])),
    );
    expect(await stack.up(declared)).toEqual(all("same"));
  };
  const rolesIn = (scope: string) =>
    cloud.members.list(scope).map(({ email, roles }) => `${email.toLowerCase()} ${roles.join()}`);

  expect(await stack.up(program())).toEqual(all("create"));
  const { erp, key, machine } = stack.made;
  expect(cloud.accounts.get(erp!.id)).toMatchObject({
    displayName: "ERP",
    enableBasicAuth: false,
    email: erp!.outs.email,
  });
  expect(cloud.keys.get(key!.id)?.secret).toBe(key!.outs.secret);
  expect(rolesIn(other)).toEqual([
    `${String(erp!.outs.email)} roles/project.user`,
    "new.person@example.com roles/project.user",
    "grace@example.com roles/project.user",
  ]);
  expect(rolesIn(organization)).toContain("grace@example.com roles/organization.admin");
  await expectQuiet(program());

  const changed = program({ displayName: "ERP 2", role: "project.developer" });
  expect(await stack.up(changed)).toEqual({
    ...all("same"),
    erp: "update",
    machine: "update",
    person: "update",
    known: "update",
  });
  expect(cloud.accounts.get(erp!.id)?.displayName).toBe("ERP 2");
  expect(rolesIn(other)).toContain("grace@example.com roles/project.developer");
  await expectQuiet(changed);

  cloud.accounts.update(erp!.id, { displayName: "by hand", enableBasicAuth: true });
  cloud.members.update(machine!.id, { roles: ["roles/project.user"] });
  expect(await stack.refresh()).toMatchObject({ erp: ["displayName", "enableBasicAuth"], machine: ["role"] });
  expect(await stack.up(changed)).toEqual({ ...all("same"), erp: "update", machine: "update" });
  await expectQuiet(changed);

  const accepted = cloud.acceptInvitation("new.person@example.com");
  expect(await stack.refresh()).toMatchObject({ person: [] });
  expect(stack.made.person!.outs).toMatchObject({ memberId: accepted.name.split("/")[1] });
  expect(await stack.up(changed)).toEqual(all("same"));

  const moved = program({ displayName: "ERP 2", role: "project.developer", project: home });
  expect(await stack.up(moved)).toMatchObject({
    erp: "same",
    machine: "replace",
    person: "replace",
    known: "replace",
  });
  expect(rolesIn(other)).toEqual([]);
  await expectQuiet(moved);

  for (const { name } of [...cloud.keys.list(erp!.id), ...cloud.members.list(home)]) {
    if (cloud.keys.delete(name)) continue;
    cloud.members.delete(name);
  }
  cloud.members.delete(stack.made.admin!.id);
  const gone = await stack.refresh();
  expect(gone).toEqual({ ...all("gone"), erp: [] });
  expect(await stack.up(moved)).toEqual({ ...all("create"), erp: "same" });
  await expectQuiet(moved);

  cloud.accounts.delete(erp!.id);
  const machineFate = unknowns.accountDeletionKeepsMemberships ? [] : "gone";
  expect(await stack.refresh()).toMatchObject({ erp: "gone", key: "gone", machine: machineFate });
  await stack.up(moved);
  await expectQuiet(moved);

  await stack.destroy();
  expect(stack.made).toEqual({});
  expect(existing(world)).toEqual(before);
}

const existing = ({ cloud: { accounts, keys, members } }: World) =>
  [...accounts.list(), ...keys.list(), ...members.list()].map(({ name }) => name);
