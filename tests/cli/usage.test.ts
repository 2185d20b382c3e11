import { cli, containing, folder, matching } from "./command";

test("pulumi-dt alone shows the help and exits 0.", async () => {
  expect(await cli([])).toEqual({ exitCode: 0, stdout: containing("Commands:"), stderr: "" });
});

const commands = {
  drift: ["--nonsense"],
  record: ["projects/p/members/1"],
  ignore: ["--reason", "x"],
  export: ["--provider", "b"],
  report: ["--nonsense"],
  review: ["--nonsense"],
  guard: ["--fail-on-rename", "some"],
  remove: [],
  whoami: ["extra"],
  verify: ["--wait", "soon"],
  completion: [],
} satisfies Record<string, string[]>;

describe.each(Object.entries(commands))("%s", (command, wrong) => {
  test("exits with 1 for a usage error, which no finding does, and prints no result.", async () => {
    for (const args of [wrong, ["--no-such-option"], ["--json=5"]]) {
      const run = await cli([command, ...args]);
      expect({ args, ...run }).toMatchObject({ exitCode: 1, stdout: "", stderr: matching(/^error: .+\n$/) });
    }
  });

  test("explains its exit codes in its help, and has an example.", async () => {
    const { stdout, exitCode } = await cli([command, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Exit codes: 0 [^]*, 1 [^]*(error|refused|fails)/);
    expect(stdout).toContain(`$ ${command === "completion" ? "echo" : ""}`);
    expect(stdout).toMatch(new RegExp(`pulumi-dt ${command}\\b`));
  });
});

test.each([["drfit"], ["help", "drfit"], ["--no-such-option"]])(
  "pulumi-dt %s is an error that no finding looks like.",
  async (...args) => {
    expect(await cli(args)).toMatchObject({ exitCode: 1, stdout: "" });
  },
);

test("The emulator's help has its exit codes, too.", async () => {
  expect((await cli(["emulator", "--help"])).stdout).toContain("Exit codes: 0 ");
});

test("An error about a date or a duration names the option, and a day that does not exist is an error.", async () => {
  const input = JSON.stringify({ version: 3, deployment: { resources: [] } });
  const reason = ["--reason", "x", "--baseline", `${folder()}/b.json`];
  for (const [option, args] of [
    ["--expires", ["record", "--all", "--state", "-", ...reason, "--expires", "tomorrow"]],
    ["--expires", ["ignore", "*@x", ...reason, "--expires", "2027-02-30"]],
    ["--wait", ["verify", "--wait", "soon"]],
  ] as const) {
    expect(await cli(args, { input })).toMatchObject({
      exitCode: 1,
      stderr: matching(new RegExp(`^error: ${option} must be a (date|duration) such as .*not `)),
    });
  }
});

test.each([
  ["guard", ["guard"]],
  ["drift --state", ["drift", "--state"]],
  ["drift --other-state", ["drift", "--state", "-", "--other-state"]],
])("%s says in one sentence that a file is missing, or that it is a folder.", async (_command, args) => {
  const place = folder();
  const input = JSON.stringify({ version: 3, deployment: { resources: [] } });
  expect(await cli([...args, `${place}/none.json`], { input })).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: `error: ${place}/none.json: there is no such file\n`,
  });
  expect(await cli([...args, place], { input })).toMatchObject({
    exitCode: 1,
    stderr: `error: ${place}: it is a folder, not a file\n`,
  });
});
