import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { backendUrl, stateOf } from "../../../provider/stack/recordedState";
import { inRun } from "../engineRun";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dt:ProjectRoleBinding::erp";

let folder: string;
let asked: string;
const { PATH, PULUMI_BACKEND_URL } = process.env;
const before = process.cwd();
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-dt-state-")));
  asked = join(folder, "asked");
  mkdirSync(join(folder, "program"));
  process.env.PATH = [folder, PATH].join(delimiter);
  process.chdir(join(folder, "program"));
});
afterEach(() => {
  process.env.PATH = PATH;
  if (PULUMI_BACKEND_URL === undefined) delete process.env.PULUMI_BACKEND_URL;
  else process.env.PULUMI_BACKEND_URL = PULUMI_BACKEND_URL;
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** Puts a `pulumi` on PATH that knows the stack by this name only, and records each question. */
function knownAs(name: string): void {
  const state = JSON.stringify({ version: 3, deployment: { resources: [{ urn }] } });
  const script = `#!/bin/sh\necho "$PWD $4" >> '${asked}'\n[ "$4" = ${name} ] && echo '${state}'\n`;
  writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
}

const questions = (): string[] => (existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : []);

test.each(["Pulumi.yaml", "program/Pulumi.yml"])(
  "in a project, with %s, one question for the stack's state is enough",
  async (file) => {
    writeFileSync(join(folder, file), "name: shop\n");
    knownAs("dev");
    await inRun(async () => expect(await stateOf(urn)).toMatchObject([{ urn }]));
    expect(questions()).toEqual([`${join(folder, "program")} dev`]);
  },
);

test("without a project, as in an inline program, one question by the full name is enough", async () => {
  knownAs("organization/shop/dev");
  await inRun(async () => expect(await stateOf(urn)).toMatchObject([{ urn }]));
  expect(questions()).toEqual([`${realpathSync(tmpdir())} organization/shop/dev`]);
});

test("a state that Pulumi knows only by the other name is found with a second question", async () => {
  knownAs("dev");
  await inRun(async () => expect(await stateOf(urn)).toMatchObject([{ urn }]));
  expect(questions()).toHaveLength(2);
});

test.each(["file://~", "s3://states?region=eu-north-1"])(
  "the backend in the variable, %s, is no question",
  async (url) => {
    knownAs("dev");
    process.env.PULUMI_BACKEND_URL = url;
    expect(await backendUrl()).toBe(url);
    expect(questions()).toEqual([]);
  },
);

test.each([undefined, "", "https://api.pulumi.com"])(
  "the backend is a question if the variable is %p",
  async (url) => {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho '{"url": "https://app.pulumi.com/jane"}'\n`, {
      mode: 0o755,
    });
    if (url === undefined) delete process.env.PULUMI_BACKEND_URL;
    else process.env.PULUMI_BACKEND_URL = url;
    expect(await backendUrl()).toBe("https://app.pulumi.com/jane");
  },
);
