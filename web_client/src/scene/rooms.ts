/** The buildings of the gallery the visitor is in and of those a door away; others are freed. */
import { Group, type Texture, type Vector3 } from 'three';
import type { Exhibit } from '../world/world';
import { Bakery } from './bake';
import { Building } from './building';
import type { Plan, PlannedRoom } from './plan';
import { Surfaces } from './surfaces';

export class Rooms {
  readonly group = new Group();
  readonly bakery = new Bakery();
  private readonly surfaces: Surfaces;
  private readonly built = new Map<PlannedRoom, Building>();
  /** Texts for labels of rooms that are not built yet. */
  private readonly labels = new Map<string, Exhibit>();
  private plan: Plan | null = null;
  private current: PlannedRoom | null = null;

  constructor(studio: Texture) {
    this.surfaces = new Surfaces(studio);
  }

  /** Other rooms than before. */
  lay(plan: Plan): void {
    for (const building of this.built.values()) building.dispose();
    this.built.clear();
    this.plan = plan;
    this.current = null;
  }

  /** Builds what an eye may see from there; at most one room a frame. True where anything was built or freed. */
  attend(eye: Vector3): boolean {
    const { plan } = this;
    const room = plan?.at(eye) ?? this.current ?? plan?.rooms[0];
    if (!plan || !room) return false;
    const wanted = [room, ...plan.neighbors(room)];
    const missing = wanted.find((each) => !this.built.has(each));
    if (missing) this.build(missing, plan);
    if (room === this.current) return missing !== undefined;
    this.current = room;
    for (const [each, building] of this.built) {
      if (wanted.includes(each)) continue;
      building.dispose();
      this.built.delete(each);
      for (const placed of each.room.placements) this.labels.delete(placed.artifact);
    }
    return true;
  }

  /** An exhibit's texts for its label. */
  label(exhibit: Exhibit): void {
    this.labels.set(exhibit.artifact, exhibit);
    for (const building of this.built.values()) building.cards.show(exhibit);
  }

  dispose(): void {
    for (const building of this.built.values()) building.dispose();
    this.built.clear();
    this.surfaces.dispose();
  }

  private build(room: PlannedRoom, plan: Plan): void {
    const building = new Building(room, plan, this.surfaces, this.bakery);
    this.built.set(room, building);
    this.group.add(building.group);
    for (const placed of room.room.placements) {
      const exhibit = this.labels.get(placed.artifact);
      if (exhibit) building.cards.show(exhibit);
    }
  }
}
