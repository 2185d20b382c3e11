import type { EmulatorOptions } from "../../../emulator";
import {
  edit,
  example,
  expectQuiet,
  logsIn,
  must,
  outputsOf,
  settingsOf,
  startCloud,
  visit,
} from "./example";

const seed: EmulatorOptions["seed"] = {
  organizations: [
    {
      id: "a",
      displayName: "Company A",
      projects: [
        { id: "ahome", displayName: "System Service Accounts" },
        {
          id: "clientb",
          displayName: "Client B",
          accounts: [{ id: "keymaker", keys: [{ id: "keymaker", secret: "keymaker-secret" }] }],
        },
      ],
    },
    {
      id: "b",
      displayName: "Company B",
      members: { "admin@oslo.serviceaccount.d21s.com": "organization.admin" },
      projects: [
        {
          id: "oslo",
          displayName: "Oslo",
          accounts: [{ id: "admin", keys: [{ id: "b-admin", secret: "b-admin-secret" }] }],
        },
        { id: "bergen", displayName: "Bergen" },
        { id: "board", displayName: "Board room" },
      ],
    },
  ],
};
const adminOfB = {
  keyId: "b-admin",
  secret: "b-admin-secret",
  email: "admin@oslo.serviceaccount.d21s.com",
};
const keyMaker = {
  keyId: "keymaker",
  secret: "keymaker-secret",
  email: "keymaker@clientb.serviceaccount.d21s.com",
};

interface OutputsOfA {
  emails: Record<string, string>;
  credentials: Record<string, string>;
}

test("A creates an account for client B, B grants and revokes access, A rotates the key, each in its own stack", async () => {
  const emulator = await startCloud({ seed });
  const { cloud } = emulator;
  for (const project of ["projects/oslo", "projects/bergen"])
    cloud.projects.update(project, { labels: { "monitored-by": "company-a" } });

  // A's side: an account, a key, and the members that can create more keys for it.
  const ofA = await example("client-access", { env: emulator.settings, config: { clientB: "clientb" } });
  await must(ofA.run("config", "set", "--path", "client-access:keyMakers[0]", keyMaker.email));
  await must(ofA.up());
  const { emails, credentials } = (await outputsOf(ofA)) as unknown as OutputsOfA;
  const email = emails["Client B"]!;
  const account = cloud.accounts.list("projects/clientb").find((each) => each.email === email)!;
  expect(account.displayName).toBe("Client B Access from Company A");
  const monitoring = await visit(emulator, credentials["Client B"]);
  expect(await monitoring.projects()).toEqual([]);
  expect(await monitoring.status("POST", `${account.name}/keys`)).toBe(403);
  const maker = await visit(emulator, keyMaker);
  expect(await maker.status("GET", `${account.name}/keys`)).toBe(200);
  expect(await maker.status("POST", `${account.name}/keys`)).toBe(200);
  // Another member that could create keys counts as drift.
  const other = cloud.members.create({
    scope: "projects/clientb",
    email: "mallory@example.com",
    roles: ["roles/project.admin"],
  });
  const watched = await ofA.preview("--refresh", "--expect-no-changes", "--diff");
  expect(watched.exitCode).toBe(7);
  expect(watched.text).toContain("mallory@example.com");
  cloud.members.delete(other.name);
  const stranger = await visit(emulator, adminOfB);
  expect(await stranger.status("POST", `${account.name}/keys`)).toBe(403);

  // B's side: access by label, then to everything, then by name.
  const ofB = await example("access-grant", {
    env: settingsOf(emulator, adminOfB),
    config: { organization: "b", emailOfA: email },
  });
  await must(ofB.up());
  expect(await monitoring.projects()).toEqual(["Oslo", "Bergen"]);
  expect(await monitoring.status("GET", "projects/oslo/members")).toBe(200);
  expect(await monitoring.status("GET", "projects/board")).toBe(403);
  expect(await monitoring.status("GET", "organizations/b")).toBe(403);
  expect((await outputsOf(ofB)).accessOfA).toEqual([
    "projects/bergen: roles/project.admin",
    "projects/oslo: roles/project.admin",
  ]);
  cloud.members.create({ scope: "projects/board", email, roles: ["roles/project.user"] });
  await must(ofB.up());
  expect((await outputsOf(ofB)).accessOfA).toContain("projects/board: roles/project.user");
  cloud.members.delete(`projects/board/members/${account.name.split("/")[3]!}`);
  await must(ofB.run("config", "set", "reach", "everything"));
  await must(ofB.up());
  expect(await monitoring.projects()).toEqual(["Oslo", "Bergen", "Board room"]);
  await must(ofB.run("config", "set", "reach", "named"));
  await must(ofB.up());
  expect(await monitoring.projects()).toEqual(["Oslo", "Bergen"]);

  // A rotates the key, and B has nothing to do.
  await must(ofA.run("config", "set", "rotated", "2026-11-24"));
  await must(ofA.up());
  const rotated = ((await outputsOf(ofA)) as unknown as OutputsOfA).credentials["Client B"];
  expect(rotated).not.toBe(credentials["Client B"]);
  expect(await (await visit(emulator, rotated)).projects()).toEqual(["Oslo", "Bergen"]);
  expect(await logsIn(emulator, credentials["Client B"])).toBe(true); // for the overlap
  await expectQuiet(ofB);

  // The access ends by itself on a day, and a later day grants it again.
  await must(ofB.run("config", "set", "until", "2026-01-31"));
  await must(ofB.up());
  expect(await monitoring.projects()).toEqual([]);
  await expectQuiet(ofB);
  await must(ofB.run("config", "set", "until", "2099-12-31"));
  await must(ofB.up());
  expect(await monitoring.projects()).toEqual(["Oslo", "Bergen"]);

  // Removing one line ends the access.
  edit(
    ofB,
    "index.ts",
    'new dt.AccessGrant("company-a", { member, role: "project.admin", projects, expires })',
    "{ memberships: pulumi.output<string[]>([]) }",
  );
  await must(ofB.up());
  expect(await monitoring.projects()).toEqual([]);
  // Pulumi deletes last, after the program has read its data.
  await must(ofB.up());
  expect((await outputsOf(ofB)).accessOfA).toEqual([]);
});

test("a filter that no longer matches any project prints a warning before it revokes access", async () => {
  const emulator = await startCloud({ seed });
  const ofB = await example("access-grant", {
    env: settingsOf(emulator, adminOfB),
    config: { organization: "b", emailOfA: keyMaker.email },
  });
  const { text } = await must(ofB.preview());
  expect(text).toContain("it has no projects: it grants nothing");
});

test("one account for all clients lists every client's projects, and a member that creates its keys has access to all of them", async () => {
  const emulator = await startCloud({ seed });
  const { cloud } = emulator;
  const third = cloud.organizations.create({ displayName: "Company C" });
  const theirs = cloud.projects.create({ organization: third.name, displayName: "Paris" });
  const program = await example("one-account-for-all-clients", {
    env: emulator.settings,
    config: { home: "clientb" },
  });
  await must(program.up());
  const { email, credentials } = await outputsOf(program);
  for (const scope of ["projects/oslo", "projects/bergen", theirs.name])
    cloud.members.create({ scope, email: String(email), roles: ["roles/project.user"] });
  await must(program.up());
  expect((await outputsOf(program)).clients).toEqual({
    "Company B": ["Oslo", "Bergen"],
    "Company C": ["Paris"],
  });
  expect(await (await visit(emulator, credentials)).projects()).toEqual(["Oslo", "Bergen", "Paris"]);

  // This is the risk.
  cloud.members.create({ scope: "projects/clientb", email: keyMaker.email, roles: ["roles/project.admin"] });
  const account = cloud.accounts.list("projects/clientb").find((each) => each.email === email)!;
  const maker = await visit(emulator, keyMaker);
  expect(await maker.status("POST", `${account.name}/keys`)).toBe(200);
  await must(program.destroy());
  expect(cloud.members.list(theirs.name)).toEqual([]);
});
