import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterwards } from "../engine/harness/scratch";

let started: Promise<Record<string, string>> | undefined;

/** The secrets provider of the stacks of tests, as `pulumi stack init --secrets-provider` takes it. */
export const SECRETS_PROVIDER = "hashivault://test";

/**
 * Starts a stand-in for the transit API of HashiCorp Vault, which keeps the key of a stack. With Pulumi's default,
 * a passphrase, each command computes for 0.2 s to get the same key. The secrets in the state are encrypted
 * as always; only their key is in plaintext.
 *
 * @returns the variables with which Pulumi finds it
 */
export function vault(): Promise<Record<string, string>> {
  return (started ??= start());
}

async function start(): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { plaintext, ciphertext = "" } = body as Body;
      const data =
        plaintext === undefined ? { plaintext: opened(ciphertext) } : { ciphertext: closed(plaintext) };
      response.setHeader("Content-Type", "application/json").end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  afterwards(() => server.closeAllConnections());
  afterwards(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: "test" };
}

const PREFIX = "vault:v1:";
const closed = (plaintext: string): string => `${PREFIX}${plaintext}`;
const opened = (ciphertext: string): string => ciphertext.slice(PREFIX.length);

interface Body {
  plaintext?: string;
  ciphertext?: string;
}
