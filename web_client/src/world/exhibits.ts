/** What snapshots and deltas do to the exhibits. Pure: maps and objects are never changed, only replaced. */
import { Kind } from '../protocol/generated/layouts';
import type { AnnotationAdd, ArtifactEnter, Change, Derivative as Told, GalleryEnter } from '../protocol/generated/messages';
import type { Annotation, Derivative, Exhibit, Notice } from './world';

export type Exhibits = ReadonlyMap<string, Exhibit>;
/** Makes an address of the server absolute. */
export type Resolve = (address: string) => string;

/** The exhibits after `changes`. A change of what is not there is left out. */
export function applied(exhibits: Exhibits, changes: readonly Change[], resolve: Resolve): Exhibits {
  const next = new Map(exhibits);
  for (const change of changes) {
    if (change.kind === Kind.GalleryEnter) continue; // the visitor's place, not an exhibit's
    const exhibit = next.get(change.artifact);
    if (change.kind === Kind.ArtifactEnter) next.set(change.artifact, entered(change, resolve));
    else if (change.kind === Kind.ArtifactLeave) next.delete(change.artifact);
    else if (exhibit) next.set(change.artifact, altered(exhibit, change, resolve));
  }
  return next;
}

function altered(exhibit: Exhibit, change: Exclude<Change, GalleryEnter>, resolve: Resolve): Exhibit {
  switch (change.kind) {
    case Kind.ArtifactDetail:
      return { ...exhibit, detail: change.detail, texts: change.texts, derivatives: files(change.derivatives, resolve) };
    case Kind.AnnotationAdd:
      return withAnnotation(exhibit, annotationOf(change));
    case Kind.AnnotationChange: {
      const annotation = exhibit.annotations.get(change.annotation);
      return annotation ? withAnnotation(exhibit, { ...annotation, texts: change.texts }) : exhibit;
    }
    case Kind.AnnotationRemove: {
      const annotations = new Map(exhibit.annotations);
      return annotations.delete(change.annotation) ? { ...exhibit, annotations } : exhibit;
    }
    default:
      return exhibit;
  }
}

function entered(told: ArtifactEnter, resolve: Resolve): Exhibit {
  const { kind: _, derivatives, ...rest } = told;
  return { ...rest, derivatives: files(derivatives, resolve), annotations: new Map() };
}

function files(told: readonly Told[], resolve: Resolve): readonly Derivative[] {
  return told.map(({ address, ...rest }) => ({ url: resolve(address), ...rest }));
}

function annotationOf({ kind: _, annotation, ...rest }: AnnotationAdd): Annotation {
  return { name: annotation, ...rest };
}

function withAnnotation(exhibit: Exhibit, annotation: Annotation): Exhibit {
  return { ...exhibit, annotations: new Map(exhibit.annotations).set(annotation.name, annotation) };
}

/**
 * `after`, with the objects of `before` wherever they say the same, and what is different. So a snapshot told
 * again after a lost connection disturbs nothing that stands.
 */
export function compared(before: Exhibits, after: Exhibits): { exhibits: Exhibits; notices: readonly Notice[] } {
  const exhibits = new Map<string, Exhibit>();
  const notices: Notice[] = [];
  for (const [artifact, exhibit] of before) if (!after.has(artifact)) notices.push({ kind: 'left', exhibit });
  for (const [artifact, exhibit] of after) {
    const former = before.get(artifact);
    const kept = former ? keeping(former, exhibit) : exhibit;
    exhibits.set(artifact, kept);
    if (kept !== former) notices.push(...differences(former, kept));
  }
  return { exhibits, notices };
}

function keeping(former: Exhibit, exhibit: Exhibit): Exhibit {
  if (former === exhibit) return former;
  const annotations = new Map(
    [...exhibit.annotations].map(([name, one]) => {
      const old = former.annotations.get(name);
      return [name, old && same(old, one) ? old : one];
    }),
  );
  const isKept = annotations.size === former.annotations.size && [...annotations].every(([name, one]) => one === former.annotations.get(name));
  return isKept && sameButAnnotations(former, exhibit) ? former : { ...exhibit, annotations };
}

function differences(former: Exhibit | undefined, exhibit: Exhibit): Notice[] {
  const notices: Notice[] = [];
  if (!former) notices.push({ kind: 'entered', exhibit });
  else if (!sameButAnnotations(former, exhibit)) notices.push({ kind: 'changed', exhibit, before: former });
  for (const [name, annotation] of former?.annotations ?? []) {
    if (!exhibit.annotations.has(name)) notices.push({ kind: 'unannotated', exhibit, annotation });
  }
  for (const [name, annotation] of exhibit.annotations) {
    const old = former?.annotations.get(name);
    if (old !== annotation) notices.push({ kind: old ? 'reworded' : 'annotated', exhibit, annotation });
  }
  return notices;
}

function sameButAnnotations(one: Exhibit, other: Exhibit): boolean {
  return same({ ...one, annotations: null }, { ...other, annotations: null });
}

// Both were built by the same code from the same layouts, so equal content is equal text.
function same(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
