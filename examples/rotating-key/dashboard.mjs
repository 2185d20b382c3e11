// An example consumer. It reads its credentials file at each login, so it picks up a new key without a restart.
// DT_CREDENTIALS_FILE=/etc/dashboard/dt.json node dashboard.mjs
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

const { DT_CREDENTIALS_FILE: file, DT_API_URL: api = "https://api.disruptive-technologies.com/v2" } =
  process.env;
const seconds = Number(process.env.INTERVAL_SECONDS ?? 60);

for (;;) {
  try {
    const { keyId, token } = await logIn();
    const response = await fetch(`${api}/projects`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`GET projects: ${response.status}`);
    const { projects } = await response.json();
    console.log(`${keyId} sees ${projects.length} projects`);
  } catch (error) {
    console.log(`FAILED: ${error.message}`);
  }
  await setTimeout(seconds * 1000);
}

/** RFC 7523: exchanges an assertion, signed with the key's secret, for a token that is valid for an hour. */
async function logIn() {
  const { keyId, secret, email, tokenEndpoint } = JSON.parse(await readFile(file, "utf8")).serviceAccount;
  const now = await serverTime();
  const claims = { iss: email, aud: tokenEndpoint, iat: now - 5, exp: now + 3595 };
  const unsigned = [{ alg: "HS256", kid: keyId }, claims].map(encoded).join(".");
  const signature = createHmac("sha256", secret).update(unsigned).digest("base64url");
  const response = await fetch(tokenEndpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: `${unsigned}.${signature}`,
    }),
  });
  if (!response.ok) throw new Error(`key ${keyId} does not log in: ${response.status}`);
  const { access_token: token } = await response.json();
  return { keyId, token };
}

/** In seconds. The server's clock, so that a wrong local clock doesn't break the login. */
async function serverTime() {
  const { headers } = await fetch(`${api}/roles`);
  return Math.floor(Date.parse(headers.get("date") ?? new Date().toUTCString()) / 1000);
}

function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
