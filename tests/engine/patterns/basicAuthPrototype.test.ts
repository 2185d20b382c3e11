import { callerWith } from "../../emulator/login";
import { edit, example, expectQuiet, must, outputsOf, projectId, startCloud } from "./example";

test("a prototype logs in with user and password, sees one project, and prints a warning", async () => {
  const emulator = await startCloud();
  const development = projectId(emulator, "Development");
  const production = projectId(emulator, "Production");
  const program = await example("basic-auth-prototype", { env: emulator.settings, config: { development } });
  const up = await must(program.up());
  expect(up.text).toMatch(/warning:.*Basic authentication is enabled.*for prototypes only/);
  const { user, password } = await outputsOf(program);
  expect((await must(program.run("stack", "output"))).text).not.toContain(password);

  const call = callerWith(
    emulator,
    `Basic ${Buffer.from(`${String(user)}:${String(password)}`).toString("base64")}`,
  );
  expect((await call("GET", `projects/${development}`)).status).toBe(200);
  expect((await call("GET", `projects/${production}`)).status).toBe(403);
  expect(
    (
      await call("POST", `projects/${development}/members`, {
        email: "a@example.com",
        roles: ["roles/project.user"],
      })
    ).status,
  ).toBe(403);
  await expectQuiet(program);

  edit(program, "index.ts", "  enableBasicAuth: true,\n", "");
  const off = await must(program.up());
  expect(off.text).not.toContain("warning:");
  expect((await call("GET", `projects/${development}`)).status).toBe(401);
});
