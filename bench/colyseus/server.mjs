// A Colyseus room as a museum: a visitor's position comes in, the artifacts they should perceive go out.
//
//   node server.mjs PORT ARTIFACTS.json
//
// The rules are those of server/world without walls, gaze and dwell: size on the eye, reach, view cone, each
// with its gap, at most 32 artifacts, the label from three metres on. What each visitor perceives is filtered
// with Colyseus's own StateView; candidates come from cells prepared once, as in our own server.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Room, Server } from "@colyseus/core";
import { MapSchema, Schema, StateView, defineTypes, view } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const port = Number(process.argv[2]);
const placed = JSON.parse(readFileSync(process.argv[3], "utf8")); // [id, x, y, z, radius]: middles of boxes
const MOST = 32, CELL = 2, DEGREE = Math.PI / 180;
// A headset's 100 by 90 degrees lie in a cone of this half angle; margins 10 and 25 degrees.
const HALF = Math.atan(Math.hypot(Math.tan(50 * DEGREE), Math.tan(45 * DEGREE)));
const COS_IN = Math.cos(HALF + 10 * DEGREE), SIN_IN = Math.sin(HALF + 10 * DEGREE);
const COS_OUT = Math.cos(HALF + 25 * DEGREE), SIN_OUT = Math.sin(HALF + 25 * DEGREE);
const LABEL = 1;

class Artifact extends Schema {}
defineTypes(Artifact, {
  id: "string", title: "string", x: "float32", y: "float32", z: "float32",
  qx: "float32", qy: "float32", qz: "float32", qw: "float32", file: "string", bytes: "uint32", label: "string",
});
view(LABEL)(Artifact.prototype, "label");

class Visitor extends Schema {}
defineTypes(Visitor, { pose: "uint16" });

class Museum extends Schema {
  constructor() {
    super();
    this.artifacts = new MapSchema();
    this.visitors = new MapSchema();
  }
}
defineTypes(Museum, { artifacts: { map: Artifact }, visitors: { map: Visitor } });
view()(Museum.prototype, "artifacts");
view()(Museum.prototype, "visitors");

class Hall extends Room {
  onCreate() {
    this.autoDispose = false;
    this.maxClients = 10000;
    this.state = new Museum();
    this.all = [];
    for (const [id, x, y, z, radius] of placed) {
      const artifact = new Artifact();
      artifact.assign({
        id, title: `Box ${id}`, x, y, z, qx: 0, qy: 0, qz: 0, qw: 1, file: `/assets/${id}`, bytes: 50000,
        label: `Box ${id} stands here.`,
      });
      this.state.artifacts.set(id, artifact);
      const comes = Math.min(25, radius / Math.tan(0.5 * DEGREE));
      const goes = Math.min(27.5, radius / Math.tan(0.4 * DEGREE));
      this.all.push({ artifact, x, y, z, radius, comes, goes });
    }
    this.cells = new Map();
    this.onMessage(0, (client, pose) => this.moved(client, pose));
  }

  onJoin(client) {
    client.view = new StateView();
    const visitor = new Visitor();
    visitor.pose = 0;
    this.state.visitors.set(client.sessionId, visitor);
    client.view.add(visitor);
    client.userData = { visitor, held: new Map() };
  }

  onLeave(client) {
    this.state.visitors.delete(client.sessionId);
  }

  candidates(x, z) {
    const key = Math.floor(x / CELL) * 65536 + Math.floor(z / CELL);
    let found = this.cells.get(key);
    if (found === undefined) {
      const cx = (Math.floor(x / CELL) + 0.5) * CELL, cz = (Math.floor(z / CELL) + 0.5) * CELL;
      found = this.all.filter((a) => Math.hypot(a.x - cx, a.z - cz) <= a.goes + CELL);
      this.cells.set(key, found);
    }
    return found;
  }

  moved(client, [number, x, y, z, ax, ay, az]) {
    const { visitor, held } = client.userData;
    const chosen = [];
    for (const one of this.candidates(x, z)) {
      const dx = one.x - x, dy = one.y - y, dz = one.z - z;
      const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
      const was = held.has(one);
      if (distance > (was ? one.goes : one.comes)) continue;
      if (distance > (was ? 1.6 : 1.2)) {
        const along = dx * ax + dy * ay + dz * az;
        const lateral = Math.sqrt(Math.max(distance * distance - along * along, 0));
        if (lateral * (was ? COS_OUT : COS_IN) - along * (was ? SIN_OUT : SIN_IN) > one.radius) continue;
      }
      chosen.push([((was ? 1.25 : 1) * one.radius) / distance, one, distance]);
    }
    if (chosen.length > MOST) {
      chosen.sort((a, b) => b[0] - a[0]);
      chosen.length = MOST;
    }
    const now = new Map();
    for (const [, one, distance] of chosen) {
      const before = held.get(one);
      const level = distance - one.radius <= (before === LABEL ? 3.6 : 3.0) ? LABEL : 0;
      if (before === undefined) client.view.add(one.artifact);
      if (level === LABEL && before !== LABEL) client.view.add(one.artifact, LABEL);
      if (level !== LABEL && before === LABEL) client.view.remove(one.artifact, LABEL);
      now.set(one, level);
    }
    for (const one of held.keys()) if (!now.has(one)) client.view.remove(one.artifact);
    client.userData.held = now;
    visitor.pose = number;
  }
}

const server = new Server({ transport: new WebSocketTransport({ server: createServer(), perMessageDeflate: false }), greet: false });
server.define("hall", Hall);
await server.listen(port, "127.0.0.1");
console.log(port);
