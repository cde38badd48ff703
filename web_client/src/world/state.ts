/** The world as the connection keeps it: what it was told, and who wants to hear of it. */
import { Kind } from '../protocol/generated/layouts';
import type { Change, Delta, Snapshot } from '../protocol/generated/messages';
import { applied, compared, type Exhibits, type Resolve } from './exhibits';
import type { ConnectionState, Focus, Notice, Recognition, World } from './world';

const NOTHING: Focus = { artifact: '', annotation: '' };

export class WorldState implements World {
  exhibits: Exhibits = new Map();
  gallery = '';
  placement = '';
  focus: Focus = NOTHING;
  recognition: Recognition | null = null;
  offers: ReadonlySet<string> = new Set();
  connection: ConnectionState = { phase: 'connecting', retryAt: null, tries: 0, detail: '', roundTrip: null };
  private readonly listeners = new Set<(notice: Notice) => void>();

  constructor(private readonly resolve: Resolve) {}

  subscribe(listener: (notice: Notice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  snapshot(told: Snapshot): void {
    this.become(applied(new Map(), told.changes, this.resolve), told.gallery, told.placement);
  }

  delta(told: Delta): void {
    const gallery = galleryEntered(told.changes) ?? this.gallery;
    this.become(applied(this.exhibits, told.changes, this.resolve), gallery, this.placement);
  }

  /** One of the states that have a notice of their own. */
  tell(notice: Notice): void {
    if (notice.kind === 'focus') this.focus = notice.focus;
    if (notice.kind === 'recognition') this.recognition = notice.recognition;
    if (notice.kind === 'connection') this.connection = notice.connection;
    for (const listener of [...this.listeners]) {
      try {
        listener(notice);
      } catch (error) {
        // One part of the page that fails must not keep the others, or the connection, from going on.
        reportError(error);
      }
    }
  }

  private become(exhibits: Exhibits, gallery: string, placement: string): void {
    const found = compared(this.exhibits, exhibits);
    const isElsewhere = gallery !== this.gallery || placement !== this.placement;
    this.exhibits = found.exhibits;
    this.gallery = gallery;
    this.placement = placement;
    if (isElsewhere) this.tell({ kind: 'gallery', gallery });
    for (const notice of found.notices) this.tell(notice);
  }
}

/** The gallery that the last of the changes leads into, if any does. */
function galleryEntered(changes: readonly Change[]): string | null {
  let gallery: string | null = null;
  for (const change of changes) if (change.kind === Kind.GalleryEnter) gallery = change.gallery;
  return gallery;
}
