import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startWorld, type World } from "../provider/world";
import { cli, containing, folder, matching } from "./command";

let world: World;
beforeEach(async () => (world = await startWorld()));

describe("verify", () => {
  const credentials = (more: object = {}) =>
    JSON.stringify({
      serviceAccount: {
        keyId: world.admin.keyId,
        secret: world.admin.secret,
        email: world.admin.email,
        algorithm: "HS256",
        tokenEndpoint: world.tokenEndpoint,
        ...more,
      },
    });
  const verify = (input: string, ...args: string[]) => cli(["verify", ...args], { input });

  test("logs in with its input, names the account, and sends no other request.", async () => {
    expect(await verify(credentials())).toEqual({
      exitCode: 0,
      stdout: `${world.admin.email} logs in with key ${world.admin.keyId} at ${world.tokenEndpoint}\n`,
      stderr: "",
    });
    expect(world.requests.map(({ path }) => path)).toEqual(["/oauth2/token"]);
  });

  test("prints JSON for programs, without the secret.", async () => {
    const { stdout, exitCode } = await verify(credentials(), "--json");
    const { email, keyId } = world.admin;
    expect({ exitCode, document: JSON.parse(stdout) as object }).toEqual({
      exitCode: 0,
      document: { email, keyId, tokenEndpoint: world.tokenEndpoint },
    });
  });

  test("takes a file as well, and says in one sentence if it can't be read.", async () => {
    const file = join(folder(), "credentials.json");
    writeFileSync(file, credentials());
    expect(await cli(["verify", file])).toMatchObject({ exitCode: 0, stdout: containing(world.admin.email) });
    expect(await cli(["verify", `${file}.old`])).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: `error: ${file}.old: there is no such file\n`,
    });
  });

  test("exits 1 if the login is refused, and does not show the secret.", async () => {
    const secret = "feedfacefeedfacefeedfacefeedface";
    const run = await verify(credentials({ secret }));
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/^error: .*cannot log in/);
    expect(run.stderr).not.toContain(secret);
  });

  test("exits 1 for input that is not a credentials file, and quotes nothing from it.", async () => {
    for (const input of [
      "",
      "{",
      "[]",
      '"feedfacefeedface"',
      '{"serviceAccount":{"secret":"feedfacefeedface"}}',
      credentials({ algorithm: "none" }),
      credentials({ tokenEndpoint: "http://example.com/feedfacefeedface" }),
      credentials({ keyId: 5 }),
    ]) {
      const run = await verify(input);
      expect({ input, ...run }).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: matching(/^error: /),
      });
      expect(run.stderr).not.toContain(world.admin.secret);
      if (!input.includes("tokenEndpoint")) expect(run.stderr).not.toContain("feedfacefeedface");
    }
  });

  test("waits for a new key that does not work at once, if an option says so.", async () => {
    world.faults.add({
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
      times: 2,
    });
    expect(await verify(credentials(), "--wait", "30s")).toMatchObject({ exitCode: 0 });
    world.faults.add({
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: "invalid_grant" } },
      times: 2,
    });
    expect(await verify(credentials())).toMatchObject({ exitCode: 1 });
    expect(await verify(credentials(), "--wait", "soon")).toMatchObject({
      exitCode: 1,
      stderr: containing("duration"),
    });
  });

  test("accepts the value of a key's output `credentials`.", async () => {
    const stack = world.stack();
    await stack.up({
      erp: ["serviceAccount", { project: world.projects[1], displayName: "ERP" }],
      key: ["serviceAccountKey", ({ erp }) => ({ serviceAccount: erp!.id })],
    });
    const run = await verify(String(stack.made.key!.outs.credentials));
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: containing(String(stack.made.erp!.outs.email)),
    });
  });
});

describe("whoami", () => {
  test("shows whose credentials these are, and what they can access in each project and organization.", async () => {
    const run = await cli(["whoami", "--json"], { env: { ...world.settings } });
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      email: world.admin.email,
      keyId: world.admin.keyId,
      organizations: [
        {
          name: world.organization,
          displayName: "Example Company",
          permissions: expect.arrayContaining(["membership.create"]) as string[],
        },
      ],
      projects: world.projects.map((name): unknown =>
        expect.objectContaining({
          name,
          permissions: expect.arrayContaining(["serviceaccount.create"]) as string[],
        }),
      ),
    });
    for (const secret of await world.secrets()) expect(run.stdout).not.toContain(secret);
    expect(world.writes()).toEqual([]);
  });

  test("shows a role only if the account has one, and only accessible projects.", async () => {
    const login = world.identity({
      [world.projects[1]]: "project.user",
      [world.projects[2]!]: "project.admin",
    });
    const env = {
      ...world.settings,
      DT_API_KEY_ID: login.keyId,
      DT_API_KEY_SECRET: login.secret,
      DT_OIDC_EMAIL: login.email,
    };
    const { stdout } = await cli(["whoami"], { env });
    expect(stdout).toContain(login.email);
    const rows = stdout.split("\n").filter((line) => line.includes("projects/"));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^project\.user +Development +projects\//);
    expect(rows[1]).toMatch(/^project\.admin +Staging +projects\//);
    expect(stdout).not.toContain("device.read");
    const verbose = await cli(["whoami", "--verbose"], { env });
    expect(verbose.stdout).toContain("device.read, ");
  });

  test("shows that an administrator of an organization is one, and which projects that opens.", async () => {
    const env = { ...world.settings };
    const { stdout } = await cli(["whoami"], { env });
    expect(stdout).toMatch(/^organization\.admin +Example Company +organizations\/\w+$/m);
    expect(stdout).toMatch(
      /^project\.admin +Development +projects\/\w+ +\(administrator of Example Company\)$/m,
    );
    const { organizations, projects } = JSON.parse((await cli(["whoami", "--json"], { env })).stdout) as {
      organizations: object[];
      projects: object[];
    };
    expect(organizations).toMatchObject([{ role: "roles/organization.admin", through: null }]);
    expect(projects).toHaveLength(world.projects.length);
    for (const project of projects)
      expect(project).toMatchObject({ role: "roles/project.admin", through: world.organization });
  });

  test("uses the login from a credentials file, and shows no secret that stands in the place of the id.", async () => {
    const { DT_API_URL, DT_OIDC_TOKEN_ENDPOINT: tokenEndpoint } = world.settings;
    const { keyId, secret, email } = world.admin;
    const file = join(folder(), "dt.json");
    const serviceAccount = { keyId, secret, email, algorithm: "HS256", tokenEndpoint };
    writeFileSync(file, JSON.stringify({ serviceAccount }));
    const run = await cli(["whoami", "--json"], {
      env: { DT_API_URL: DT_API_URL, DT_CREDENTIALS_FILE: file },
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: containing(email) });
    const env = { ...world.settings, DT_API_KEY_ID: secret, DT_API_KEY_SECRET: keyId };
    const swapped = await cli(["whoami"], { env });
    expect(swapped).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: containing(
        "DT_API_KEY_ID holds what looks like the secret of a key. Perhaps the values of the two are swapped: DT_API_KEY_SECRET",
      ),
    });
    expect(swapped.stderr).not.toContain(secret);
  });

  test("exits 1 if the login is refused, or if the API can't be read.", async () => {
    expect(
      await cli(["whoami"], { env: { ...world.settings, DT_API_KEY_SECRET: "x".repeat(32) } }),
    ).toMatchObject({ exitCode: 1, stdout: "" });
    world.faults.add({
      path: "/v2/projects",
      effect: { kind: "respond", status: 403 },
      times: "untilCleared",
    });
    expect(await cli(["whoami"], { env: { ...world.settings } })).toMatchObject({ exitCode: 1, stdout: "" });
    expect(await cli(["whoami"])).toMatchObject({
      exitCode: 1,
      stderr: containing("DT_API_KEY_ID is not set"),
    });
  });
});
