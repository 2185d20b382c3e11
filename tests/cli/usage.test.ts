import { cli, containing, folder } from "./command";

test("pulumi-dt alone shows the help and exits 0.", async () => {
  expect(await cli([])).toEqual({ exitCode: 0, stdout: containing("Commands:"), stderr: "" });
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
