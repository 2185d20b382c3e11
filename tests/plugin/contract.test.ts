import { startEmulator, type Emulator } from "../../emulator";
import { projectNamed, writesTo } from "../engine/access";
import { stack, type InlineStack } from "../engine/harness/engine";
import { doors } from "../engine/harness/doors";

jest.setTimeout(240_000);

describe.each(doors)("%s", (_name, door) => {
  let emulator: Emulator;
  let run: InlineStack;
  beforeAll(async () => {
    emulator = await startEmulator();
    run = await stack({ program: () => undefined, env: { ...emulator.settings } });
  });
  afterAll(() => emulator.close());

  const declare = (displayName: string, role: string) => () => {
    const project = projectNamed(emulator, "Production");
    const account = door.declare("ServiceAccount", "erp", { project, displayName });
    const key = door.declare("ServiceAccountKey", "erp", { serviceAccount: account.id });
    door.declare("ProjectRoleBinding", "erp", { project, member: account.email, role });
    return { credentials: key.credentials };
  };

  test("creates, and a second run changes nothing", async () => {
    run.program = declare("ERP", "project.user");
    expect((await run.up()).changes).toEqual({ create: expect.any(Number) as number });
    emulator.requests.clear();
    expect((await run.up({ expectNoChanges: true })).changes).toEqual({});
    expect(writesTo(emulator)).toEqual([]);
  });

  test("updates in place", async () => {
    run.program = declare("ERP 2", "project.developer");
    expect((await run.up()).changes).toEqual({ update: 2 });
  });

  test("destroys", async () => {
    expect((await run.destroy()).changes).toEqual({ delete: expect.any(Number) as number });
  });
});
