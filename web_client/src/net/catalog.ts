/** The catalog's API, as far as this client reads it: what is known of an artifact that stands nowhere near. */
import type { Quaternion, Vector } from '../world/world';

export interface Text {
  readonly content: string;
  readonly language: string;
}

export interface Leaflet {
  readonly title: Text | null;
  /** Who made it, when, of what: as the catalog writes it, in the language of its entry. */
  readonly facts: string;
  readonly label: Text | null;
  readonly requiredStatement: string;
}

/** A published file; see docs/api.md. */
export interface PublishedFile {
  readonly url: string;
  readonly media_type: string;
  readonly usage: string;
  readonly needs: readonly string[];
  readonly triangles: number | null;
  readonly bytes: number;
}

export interface Place {
  readonly gallery: string;
  /** Of the artifact's own frame, in the museum's space. */
  readonly position: Vector;
  readonly orientation: Quaternion;
}

interface RecordText extends Text {
  readonly kind?: string;
}
interface ArtifactRecord {
  readonly titles?: readonly RecordText[];
  readonly texts?: readonly RecordText[];
  readonly makers?: readonly { readonly qualifier?: string; readonly actor: { readonly name: string } }[];
  readonly produced?: { readonly text?: string };
  readonly medium?: string;
  readonly required_statement?: { readonly value?: string };
}

/** Title and label of an artifact in the dearest of `languages` that there is. Rejects where there is none. */
export async function leaflet(base: string, artifact: string, languages: readonly string[]): Promise<Leaflet> {
  const record = (await get(base, `api/artifacts/${encodeURIComponent(artifact)}`)) as ArtifactRecord;
  const texts = record.texts ?? [];
  const label = texts.filter((text) => text.kind === 'label');
  const makers = (record.makers ?? []).slice(0, 2).map(({ qualifier, actor }) => [qualifier, actor.name].filter(Boolean).join(' '));
  return {
    facts: [...makers, record.produced?.text, record.medium].filter(Boolean).join(' · '),
    title: dearest(record.titles ?? [], languages),
    label: dearest(label.length ? label : texts.filter((text) => !text.kind), languages),
    requiredStatement: record.required_statement?.value ?? '',
  };
}

/** The published files of an artifact, largest first. */
export async function filesOf(base: string, artifact: string): Promise<readonly PublishedFile[]> {
  const list = (await get(base, `api/artifacts/${encodeURIComponent(artifact)}/derivatives`)) as { files: PublishedFile[] };
  return list.files;
}

/** Of the texts the one in the dearest language: the same tag, then the same language, then English, then any. */
export function dearest<T extends Text>(texts: readonly T[], languages: readonly string[]): T | null {
  const tags = [...languages, ...languages.map(primary), 'en'];
  for (const tag of tags) {
    const found = texts.find(({ language }) => language === tag) ?? texts.find(({ language }) => primary(language) === tag);
    if (found) return found;
  }
  return texts[0] ?? null;
}

function primary(tag: string): string {
  return tag.split('-')[0] ?? tag;
}

/** The model for a page with `abilities` (as `meshopt`), the finest with at most `triangles`; null: none. */
export function modelFor(files: readonly PublishedFile[], abilities: readonly string[], triangles: number): PublishedFile | null {
  const models = files.filter(
    ({ media_type, usage, needs }) =>
      media_type === 'model/gltf-binary' && usage !== 'gallery' && needs.every((need) => abilities.includes(need)),
  );
  const size = (file: PublishedFile) => file.triangles ?? 0;
  const light = models.filter((file) => size(file) <= triangles);
  // Of equal detail the smaller file; where all are too fine, the coarsest.
  const order = (one: PublishedFile, other: PublishedFile) => size(other) - size(one) || one.bytes - other.bytes;
  return light.sort(order)[0] ?? models.sort((one, other) => size(one) - size(other))[0] ?? null;
}

async function get(base: string, path: string): Promise<unknown> {
  const response = await fetch(new URL(path, base), { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${path}: the museum answered ${response.status}`);
  return response.json();
}
