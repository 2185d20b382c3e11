import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { idOf, withScene } from "./scene";
import { vendorClient } from "./vendorClient";

const script = join(__dirname, "pythonClient.py");
const client = vendorClient();
const reason = "missing" in client ? client.missing : undefined;
if (reason)
  process.stderr.write(`\nDID NOT RUN: the vendor's Python client against the emulator: ${reason}\n\n`);
const testOrSkip = reason === undefined ? test : test.skip;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-dt-python-"))));
afterAll(() => rmSync(folder, { recursive: true }));

testOrSkip(
  `the vendor's Python client runs its own calls unchanged${reason ? ` (DID NOT RUN: ${reason})` : ""}`,
  () =>
    withScene({}, async ({ emulator, project, organization }) => {
      const { keyId, secret, email } = emulator.admin;
      const credentials = join(folder, "credentials.json");
      const serviceAccount = {
        keyId,
        secret,
        email,
        algorithm: "HS256",
        tokenEndpoint: emulator.tokenEndpoint,
      };
      writeFileSync(credentials, JSON.stringify({ serviceAccount }), { mode: 0o600 });
      const python = "python" in client ? client.python : "";
      const child = spawn(python, [script], {
        env: {
          PATH: process.env["PATH"],
          DT_CREDENTIALS_FILE: credentials,
          DT_API_URL: emulator.url,
          PROJECT: idOf(project),
          ORGANIZATION: idOf(organization),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
      expect(err).toBe("");
      // The script prints one line per check.
      const checks = readFileSync(script, "utf8").match(/^check\(/gm) ?? [];
      expect(out.trim().split("\n")).toHaveLength(checks.length);
      expect(emulator.requests.map(({ status }) => status)).not.toContain(500);
    }),
);
