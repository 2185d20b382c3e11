/** A CommonJS module that is loaded when a property of it is first read. */
module.exports = (load) => new Proxy({}, { get: (_target, name) => read(load, name) });

function read(load, name) {
  if (name === "__esModule") return true;
  const loaded = load();
  return name === "default" && !loaded.__esModule ? loaded : loaded[name];
}
