import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs } from "@pulumi/pulumi/runtime";
import * as dt from "../../sdk";

const project: dt.ProjectInfo = {
  ...{ name: "projects/p", displayName: "Production", organization: "organizations/o" },
  ...{ organizationDisplayName: "Acme", inventory: false, labels: {} },
};
const calls: MockCallArgs[] = [];

/** Replaces the engine by a mock that gives every call this answer. */
async function mocked(answer: unknown): Promise<void> {
  calls.length = 0;
  await pulumi.runtime.setMocks({
    newResource: ({ inputs, name }) => ({ id: `${name}-id`, state: inputs as object }),
    call: (call) => {
      calls.push(call);
      return answer as Record<string, unknown>;
    },
  });
}

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply((value) => resolve(value)));

test("in a unit test a lookup is a call that the mocks answer, without settings and without network", async () => {
  await mocked([project]);
  expect(await dt.getProjects({ displayName: "Production" })).toEqual([project]);
  expect(await valueOf(dt.getProjectsOutput({ organization: pulumi.output("o") }))).toEqual([project]);
  expect(calls.map(({ token, inputs }) => [token, inputs as unknown])).toEqual([
    ["dt:index:getProjects", { displayName: "Production" }],
    ["dt:index:getProjects", { organization: "o" }],
  ]);
});

test.each([
  ["an array", [project], [project]],
  ["several", [project, project], [project, project]],
  ["nothing", {}, []],
  ["an empty array", [], []],
  ["an object with an array", { projects: [project] }, [project]],
])("a list may be mocked by %s", async (_, answer, expected) => {
  await mocked(answer);
  expect(await dt.getProjects()).toEqual(expected);
});

test("a list that is mocked by a value of another type is an error that says so", async () => {
  await mocked({ name: "projects/p", displayName: "Production" });
  await expect(dt.getProjects()).rejects.toThrow(
    "getProjects: the mock for dt:index:getProjects must answer with an array",
  );
});

test("every lookup has its own token, and its provider", async () => {
  await mocked({});
  const provider = new dt.Provider("b", { keyId: "k", keySecret: "s", email: "a@b.c" });
  await dt.getMembers({ project: "p" });
  await dt.getOrganizations();
  await dt.getRoles();
  await dt.getServiceAccount({ name: "projects/p/serviceaccounts/s" });
  await dt.whoAmI({ provider });
  expect(calls.map(({ token }) => token)).toEqual(
    ["getMembers", "getOrganizations", "getRoles", "getServiceAccount", "whoAmI"].map(
      (name) => `dt:index:${name}`,
    ),
  );
  expect(calls.at(-1)?.provider).toMatch(/pulumi:providers:pulumi-nodejs::b::/);
});

test("a resource that is declared beside a lookup does not get its inputs", async () => {
  await mocked([project]);
  await dt.getProjects();
  const account = new dt.ServiceAccount("a", { project: project.name, displayName: "A" });
  expect(Object.keys(account)).not.toContain("__askedAs");
});
