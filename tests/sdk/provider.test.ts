import * as dt from "../../sdk";
import { registrationsOf, secretOf } from "./program";

const config = {
  "dt:apiUrl": "https://api.example.com/v2",
  "dt:tokenEndpoint": "https://identity.example.com/token",
  "dt:rateLimit": "10/1",
  "dt:keyId": "of-the-stack",
  "dt:keySecret": "of-the-stack",
  "dt:email": "stack@example.com",
  "dt:auth": "basic",
};
const run = (program: () => unknown) => registrationsOf(program, config);

test("explicit credentials are registered as their own provider, with the secret as a secret", async () => {
  const [registered] = await run(
    () => new dt.Provider("b", { keyId: "k", keySecret: "hush", email: "b@example.com" }),
  );
  expect(registered).toMatchObject({ type: "pulumi:providers:pulumi-nodejs", name: "b" });
  expect(registered?.inputs).toMatchObject({
    "dt:keyId": "k",
    "dt:keySecret": secretOf("hush"),
    "dt:email": "b@example.com",
  });
  expect(registered?.inputs["dt:explicit"]).toBeDefined();
});

test("the stack's configuration supplies the addresses, but not the credentials", async () => {
  const [registered] = await run(() => new dt.Provider("b", { keyId: "k", keySecret: "hush" }));
  expect(registered?.inputs).toMatchObject({
    "dt:apiUrl": "https://api.example.com/v2",
    "dt:tokenEndpoint": "https://identity.example.com/token",
    "dt:rateLimit": "10/1",
  });
  expect(registered?.inputs).not.toHaveProperty(["dt:email"]);
  expect(registered?.inputs).not.toHaveProperty(["dt:auth"]);
});

test("arguments override the configuration", async () => {
  const args = {
    keyId: "k",
    keySecret: "hush",
    apiUrl: "https://other.example.com/v2",
    rateLimit: "off",
    auth: "oauth2",
  } as const;
  const [registered] = await run(() => new dt.Provider("b", args));
  expect(registered?.inputs).toMatchObject({
    "dt:apiUrl": "https://other.example.com/v2",
    "dt:rateLimit": "off",
    "dt:auth": "oauth2",
  });
});

test("a resource accepts this provider", async () => {
  const registered = await run(() => {
    const provider = new dt.Provider("b", { keyId: "k", keySecret: "hush" });
    new dt.OrgAdminBinding("ada", { organization: "o", member: "ada@example.com" }, { provider });
  });
  expect(registered.map(({ name }) => name)).toEqual(["b", "ada"]);
});
