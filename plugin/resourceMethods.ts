import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  CheckFailure,
  CheckResponse,
  CreateResponse,
  DiffResponse,
  ReadResponse,
  UpdateResponse,
  type CheckRequest,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { PartlyDone } from "../provider/lifecycle/recording.js";
import { differences, propertyDiff } from "./detailedDiff.js";
import { partialFailure } from "./failures.js";
import { withIgnored } from "./ignoredChanges.js";
import type { Recorded, Served } from "./served.js";
import { fromStruct, toStruct, type Given } from "./values.js";

/** The protocol's calls about a resource: translates messages to plain properties and back. */
export const resourceMethods = {
  async check(served: Served, request: CheckRequest): Promise<CheckResponse> {
    const news = fromStruct(request.getNews());
    const { inputs, failures } = await served.check({
      urn: request.getUrn(),
      inputs: visible(news.plain),
      isNew: Object.keys(fromStruct(request.getOlds()).plain).length === 0,
    });
    const response = new CheckResponse();
    response.setInputs(toStruct(inputs, secretsOf(served, news)));
    for (const reason of failures) response.addFailures(checkFailure(reason));
    return response;
  },

  async diff(served: Served, request: DiffRequest): Promise<DiffResponse> {
    const recorded = recordedIn(request, fromStruct(request.getOlds()));
    const oldInputs = request.hasOldInputs() ? fromStruct(request.getOldInputs()).plain : recorded.state;
    const ignored = request.getIgnorechangesList();
    const inputs = withIgnored(fromStruct(request.getNews()).plain, oldInputs, ignored);
    const { changed, changes, replaces, deleteBeforeReplace, moved } = await served.diff(recorded, inputs);
    const response = new DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    response.setChanges(changes === "none" ? DIFF_NONE : DIFF_SOME);
    response.setReplacesList([...replaces]);
    response.setDeletebeforereplace(deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    if (changes === "none") return response;
    const details = response.getDetaileddiffMap();
    for (const name of changed) {
      for (const [path, kind] of differences(name, recorded.state[name], inputs[name]))
        details.set(path, propertyDiff(kind, replaces.includes(name)));
    }
    // Pulumi compares these places with the inputs, so an output that moves would look deleted. If only time makes an
    // update necessary, a notice says so.
    response.setDiffsList([...changed]);
    const moving = new Set([...changed, ...moved]);
    response.setStablesList(
      replaces.length > 0 ? [] : Object.keys(visible(recorded.state)).filter((name) => !moving.has(name)),
    );
    return response;
  },

  async create(served: Served, request: CreateRequest): Promise<CreateResponse> {
    const given = fromStruct(request.getProperties());
    const secrets = secretsOf(served, given);
    const response = new CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(served.previewCreate(given.plain), secrets));
      return response;
    }
    const declared = { urn: request.getUrn(), inputs: given.plain, timeout: request.getTimeout() };
    const { id, state } = await recording(secrets, () => served.create(declared));
    response.setId(id);
    response.setProperties(toStruct(state, secrets));
    return response;
  },

  async read(served: Served, request: ReadRequest): Promise<ReadResponse> {
    const state = fromStruct(request.getProperties());
    const given = fromStruct(request.getInputs());
    const recorded = recordedIn(request, { ...state, plain: { ...given.plain, ...state.plain } });
    const response = new ReadResponse();
    // Without a state, it is an import, or a lookup by a program.
    const isKnown = Object.keys(state.plain).length > 0;
    const found = await (isKnown ? served.read(recorded) : served.lookUp(recorded));
    if (found === undefined) return response;
    const secrets = secretsOf(served, state, given);
    response.setId(found.id);
    response.setProperties(toStruct(found.state, secrets));
    response.setInputs(toStruct(found.inputs, secrets));
    return response;
  },

  async update(served: Served, request: UpdateRequest): Promise<UpdateResponse> {
    const given = fromStruct(request.getNews());
    const recorded = recordedIn(request, fromStruct(request.getOlds()));
    const secrets = secretsOf(served, given);
    const response = new UpdateResponse();
    const state = request.getPreview()
      ? await served.previewUpdate(recorded, given.plain)
      : await recording(secrets, () => served.update(recorded, given.plain));
    response.setProperties(toStruct(state, secrets));
    return response;
  },

  async delete(served: Served, request: DeleteRequest): Promise<Empty> {
    await served.delete(recordedIn(request, fromStruct(request.getProperties())));
    return new Empty();
  },
};

export function checkFailure(reason: string): CheckFailure {
  // Pulumi prints the value of a failure's property, even if it is secret. So this names no property.
  const message = new CheckFailure();
  message.setReason(reason);
  return message;
}

function recordedIn(
  request: { getUrn(): string; getId(): string; getTimeout?(): number },
  { plain }: Given,
): Recorded {
  return {
    urn: request.getUrn(),
    id: request.getId(),
    state: plain,
    timeout: request.getTimeout?.() ?? 0,
  };
}

/** Names with two underscores are not for users. */
const visible = (properties: Given["plain"]): Given["plain"] =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith("__")));

/** What the program gave as a secret stays secret, and so does what always is one. */
const secretsOf = ({ secretNames }: Served, ...given: readonly Given[]): ReadonlySet<string> =>
  new Set([...secretNames, ...given.flatMap(({ secrets }) => [...secrets])]);

async function recording<T>(secrets: ReadonlySet<string>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartlyDone)) throw error;
    throw partialFailure(error as PartlyDone<object, object>, secrets);
  }
}
