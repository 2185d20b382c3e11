import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed, writesTo } from "./access";
import { doors } from "./harness/doors";
import * as engine from "./harness/engine";

jest.setTimeout(240_000);

let emulator: Emulator;
beforeEach(async () => (emulator = await startEmulator()));
afterEach(() => emulator.close());

test.each(doors)(
  "with %s, an old state that is restored takes nothing from what the program declares, and no key that is in use",
  async (_name, door) => {
    const project = projectNamed(emulator, "Production");
    const roles = () =>
      Object.fromEntries(
        emulator.cloud.members.list(project).map(({ email, roles: all }) => [email, all[0]]),
      );
    const role = (name: string, member: string, given = "project.user") =>
      door.declare("ProjectRoleBinding", name, { project, member, role: given, adopt: true });
    const system = (round: string) => {
      const account = door.declare("ServiceAccount", "erp", { project, displayName: "ERP" });
      const rotationTriggers = { round };
      const key = door.declare("ServiceAccountKey", "erp", { serviceAccount: account.id, rotationTriggers });
      return { account: account.id, keyId: key.keyId };
    };
    const stack = await engine.stack({
      env: { ...emulator.settings },
      program: () => {
        role("ann", "ann@example.com");
        role("bob", "bob@example.com");
        return system("1");
      },
    });
    await stack.up();
    const old = await stack.exportState();

    stack.program = () => {
      role("ann-2", "ann@example.com");
      role("bob", "bob@example.com", "project.admin");
      role("cy", "cy@example.com");
      return system("2");
    };
    await stack.up();
    const { account, keyId } = await stack.outputs();
    const before = roles();
    await stack.importState(old);
    emulator.requests.clear();

    await stack.up();
    expect(roles()).toEqual(before);
    expect(emulator.cloud.keys.list(String(account)).map(({ name }) => name)).toContain(
      `${String(account)}/keys/${String(keyId)}`,
    );
    expect(writesTo(emulator).filter((write) => /DELETE|batchDelete/.test(write))).toEqual([]);
    expect((await stack.up({ refresh: true, expectNoChanges: true })).changes).toEqual({});
    expect(roles()).toEqual(before);
  },
);
