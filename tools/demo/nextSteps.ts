import { delimiter, relative } from "node:path";
import pc from "picocolors";
import type { Emulator } from "../../emulator";
import { DATA_FILE } from "./surroundings";

/** Suggestions for what to do after the demo. */
export function nextSteps({ url }: Emulator, cli: string): string {
  const isOnPath = (process.env.PATH ?? "").split(delimiter).includes(cli);
  return `
${pc.bold("Next")}
  make demo         runs it again: no changes
  make demo         after you gave a system another role in examples/quickstart/index.ts: one PATCH
  make demo-down    takes everything away
  npx pulumi-dt emulator --data ${relative(process.cwd(), DATA_FILE)}
                    runs that cloud again at ${url}, and prints how to log in

${pc.bold("The same against Disruptive's cloud")}
  # A service account's key, made in DT Studio; the account administers your organization.
  export DT_API_KEY_ID=… DT_API_KEY_SECRET=… DT_OIDC_EMAIL=…
  export DT_API_URL=https://api.disruptive-technologies.com/v2
  export DT_OIDC_TOKEN_ENDPOINT=https://identity.disruptive-technologies.com/oauth2/token
${isOnPath ? "" : `  export PATH="${cli}:$PATH"\n`}  pulumi stack init company
  pulumi config set organization …        and what else Pulumi.yaml names under config
  pulumi preview                          then pulumi up
`;
}
