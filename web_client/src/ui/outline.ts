/** The exhibits near the visitor as a list: the walk for those who use keys, or hear the page. */
import { textOf, type Exhibit } from '../world/world';
import { TextKind } from '../protocol/generated/choices';
import { button, element, renew } from './element';
import type { Words } from './strings';

export class Outline {
  readonly root = element('nav', 'twin-outline');
  private readonly list = element('ul', 'twin-list');
  private readonly nothing = element('p', 'twin-hint');

  constructor(private readonly onGo: (artifact: string) => void) {
    this.root.append(this.nothing, this.list);
  }

  /** `exhibits` in the order in which they are listed. */
  draw(exhibits: readonly Exhibit[], words: Words): void {
    this.root.ariaLabel = words.exhibitsHere;
    this.nothing.textContent = words.noExhibits;
    this.nothing.hidden = exhibits.length > 0;
    renew(
      this.list,
      exhibits.map((exhibit) => {
        const title = textOf(exhibit.texts, TextKind.TITLE);
        const name = title?.content ?? words.untitled;
        const go = button(name, 'twin-go', () => this.onGo(exhibit.artifact));
        go.lang = title?.language ?? '';
        go.ariaLabel = words.goTo(name);
        go.dataset.key = exhibit.artifact;
        return element('li', '', {}, go);
      }),
    );
  }
}
