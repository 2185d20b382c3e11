import { type Seed, startEmulator } from "../../../emulator";
import { caller } from "../login";
import { withScene } from "../scene";

test("the default cloud is a small company with an admin account that can log in", () =>
  withScene({}, async ({ emulator, admin, organization }) => {
    const { cloud, settings } = emulator;
    expect(cloud.projects.list().map(({ displayName }) => displayName)).toEqual([
      "System Service Accounts",
      "Development",
      "Staging",
      "Production",
    ]);
    expect(cloud.members.list(organization)).toMatchObject([
      { email: emulator.admin.email, status: "ACCEPTED", roles: ["roles/organization.admin"] },
      { email: "ada@example.com", status: "ACCEPTED", displayName: "Ada Admin", accountType: "USER" },
    ]);
    expect(cloud.users.list()).toContainEqual(
      expect.objectContaining({ email: "grace@example.com", known: true }),
    );
    expect(cloud.mails).toEqual([]);
    expect(settings).toEqual({
      DT_API_URL: emulator.url,
      DT_OIDC_TOKEN_ENDPOINT: emulator.tokenEndpoint,
      DT_API_KEY_ID: emulator.admin.keyId,
      DT_API_KEY_SECRET: emulator.admin.secret,
      DT_OIDC_EMAIL: emulator.admin.email,
    });
    expect((await admin("GET", "projects")).status).toBe(200);
  }));

const twoCompanies: Seed = {
  organizations: [
    { id: "integrator", displayName: "Integrator", projects: [{ id: "tools", displayName: "Tools" }] },
    {
      id: "client",
      displayName: "Client",
      members: { "boss@client.example": "organization.admin" },
      projects: [
        {
          id: "plant",
          displayName: "Plant",
          accounts: [{ id: "erp", displayName: "ERP", keys: [{ id: "key1", secret: "s3cret" }] }],
          members: {
            "erp@plant.serviceaccount.d21s.com": "project.user",
            "new@client.example": "roles/project.admin",
          },
        },
      ],
    },
  ],
  users: [{ email: "boss@client.example" }],
  admin: { id: "robot", keyId: "robotkey", secret: "robotsecret" },
};

test("a seed can have several companies, with its own ids and secrets", async () => {
  const emulator = await startEmulator({ seed: twoCompanies });
  try {
    expect(emulator.admin).toEqual({
      name: "projects/tools/serviceaccounts/robot",
      email: "robot@tools.serviceaccount.d21s.com",
      keyId: "robotkey",
      secret: "robotsecret",
    });
    const login = { email: "erp@plant.serviceaccount.d21s.com", keyId: "key1", secret: "s3cret" };
    const erp = await caller(emulator, login);
    expect((await erp("GET", "projects/plant")).body).toMatchObject({ organizationDisplayName: "Client" });
    const admin = await caller(emulator);
    expect((await admin("GET", "projects/plant")).status).toBe(403);
    expect(emulator.cloud.members.list("projects/plant")).toMatchObject([
      { status: "ACCEPTED" },
      { status: "PENDING", email: "new@client.example" },
    ]);
  } finally {
    await emulator.close();
  }
});

test.each([
  ["no organizations", { organizations: [] }, "organizations"],
  ["an unknown field", { organizations: [{ displayName: "x", project: [] }] }, "organizations.0.project"],
  [
    "a bad email",
    { organizations: [{ displayName: "x", members: { nobody: "project.user" } }] },
    "organizations.0.members.nobody",
  ],
  ["no project for the admin account", { organizations: [{ displayName: "x" }] }, "needs a project"],
])("a seed with %s is refused, and the error names the place", async (_what, seed, place) => {
  await expect(startEmulator({ seed })).rejects.toThrow(place);
});
