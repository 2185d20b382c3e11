/** A CommonJS module that is loaded when a property of it is first read. */
module.exports = (load) =>
  new Proxy({}, { get: (_target, name) => (name === "__esModule" ? true : load()[name]) });
