import { idOf } from "../../provider/api/reads/find.js";
import { printable } from "../../provider/api/text/foreignText.js";
import { titlesIn } from "../cloud/titles.js";
import { logIn } from "../login.js";

/** How many places an error proposes. */
const most = 10;

/**
 * Turns the error about a missing stack into one that proposes places to export instead.
 *
 * @throws Error always
 */
export async function proposePlaces(error: unknown): Promise<never> {
  const { message } = error as Error;
  const session = await logIn().catch(() => undefined);
  const titles =
    session === undefined ? new Map<string, string>() : await titlesIn({ session, byProvider: new Map() });
  const places = [...titles].slice(0, most).map(([name, title]) => {
    const option = name.startsWith("projects/") ? "--project" : "--organization";
    return `  pulumi-dt export ${option} ${idOf(name)}   (${printable(title)})`;
  });
  const more =
    titles.size > most ? [`  and ${titles.size - most} more, which \`pulumi-dt whoami\` lists`] : [];
  const advice = "Name a stack with --stack, or a place with --project or --organization";
  throw new Error([message, places.length === 0 ? advice : `${advice}:`, ...places, ...more].join("\n"), {
    cause: error,
  });
}
