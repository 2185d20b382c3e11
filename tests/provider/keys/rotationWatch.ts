import type { Properties } from "../stack";
import type { RotationScene } from "./rotationScene";
import { printed } from "../world";

/** Checks the keys of an account, after every single request, for states that must never occur. */
export class RotationWatch {
  /** Every key that was ever ours. */
  readonly #ours = new Set<string>();
  readonly #strangers = new Set<string>();
  /** Our keys that have logged in. */
  readonly #proven = new Set<string>();
  readonly #violations = new Set<string>();
  #hadWorkingKey = false;

  constructor(readonly scene: RotationScene) {
    scene.onRequest({ path: "/**", when: "afterCommit" }, ({ path, caller }) => {
      const newest = this.alive().at(-1);
      // The provider only ever tests the newest key.
      if (path.startsWith("/oauth2") && caller === this.#email && newest !== undefined)
        this.#proven.add(newest);
      this.#look();
    });
  }

  get #email(): string {
    return this.scene.cloud.accounts.get(this.scene.account)!.email;
  }

  get state(): Properties | undefined {
    return this.scene.stack.made.key?.outs;
  }

  /** Our keys in the cloud, the oldest first. */
  alive(): string[] {
    return this.scene.keys().filter((id) => !this.#strangers.has(id));
  }

  stranger(): void {
    const { keyId } = this.scene.cloud.credentials(this.scene.account);
    this.#strangers.add(keyId);
  }

  /** Runs an operation, which may fail. @returns the violations */
  async violationsOf(operation: () => Promise<unknown>): Promise<string[]> {
    const before = this.state;
    const everOurs = new Set(this.#ours);
    this.#hadWorkingKey = this.#hasWorkingKey();
    await printed(() => operation().catch(() => undefined));
    const after = this.state;
    if (after !== undefined) {
      if (after.isUnproven !== true) this.#proven.add(String(after.keyId));
      const isSame = after.keyId === before?.keyId;
      if (!isSame && everOurs.has(String(after.keyId))) this.#violations.add("a retired key came back");
      const expected = before === undefined ? 1 : Number(before.generation) + (isSame ? 0 : 1);
      if (after.generation !== expected)
        this.#violations.add(`generation ${String(after.generation)}, not ${expected}`);
    }
    this.#look();
    this.#hadWorkingKey = false;
    return [...this.#violations];
  }

  #look(): void {
    const keys = this.scene.keys();
    const alive = this.alive();
    for (const id of alive) this.#ours.add(id);
    if (alive.length > 2) this.#violations.add("more than two keys of ours");
    if ([...this.#strangers].some((id) => !keys.includes(id)))
      this.#violations.add("a stranger's key was deleted");
    if (this.#hadWorkingKey && !this.#hasWorkingKey())
      this.#violations.add("no key that the state knows works");
  }

  /** Whether the contents of the state are enough to log in. */
  #hasWorkingKey(): boolean {
    const keys = this.scene.keys();
    const { keyId, previousKeyId } = this.state ?? {};
    return [keyId, previousKeyId].map(String).some((id) => keys.includes(id) && this.#proven.has(id));
  }
}
