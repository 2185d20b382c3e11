import type { Holder } from "./recordedHolders.js";
import { kindOf } from "./urns.js";

/** A resource that the program declares. Its names are those of the objects that it will hold. */
interface DeclaredHolder extends Holder {
  /** When its access ends, as the program writes it. */
  readonly expires?: string | undefined;
}

/** Whether access is over that ends at this date or time, as a program writes it. */
export type IsOver = (expires: string) => Promise<boolean>;

/** The resources that the program declares, by the API names of the objects that they will hold. */
export class DeclaredHolders {
  readonly #byName = new Map<string, DeclaredHolder[]>();

  add(holder: DeclaredHolder): void {
    for (const name of holder.names) this.#byName.set(name, [...(this.#byName.get(name) ?? []), holder]);
  }

  /**
   * Finds another resource that will hold one of these objects. It may not have been created yet. Access that is
   * declared to be over holds nothing.
   *
   * @param isOver whether access with this end is over
   */
  async find(urn: string, names: readonly string[], isOver: IsOver): Promise<Holder | undefined> {
    const others = names
      .flatMap((name) => this.#byName.get(name) ?? [])
      .filter((other) => other.urn !== urn && kindOf(other.urn) === kindOf(urn));
    for (const other of others) {
      if (other.expires === undefined || !(await isOver(other.expires))) return other;
    }
    return undefined;
  }
}
