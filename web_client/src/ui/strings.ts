/**
 * Every word of the interface, one table a language. A language without a table of its own reads English; the
 * texts of the museum come from the server in the language it has.
 */
export interface Words {
  readonly language: string;
  readonly languageName: string;
  readonly walkName: string;
  readonly walkHelp: string;
  readonly connecting: string;
  readonly live: string;
  readonly waiting: (seconds: number) => string;
  readonly refused: string;
  readonly tryNow: string;
  readonly loading: (shown: number, all: number) => string;
  readonly exhibits: string;
  readonly exhibitsHere: string;
  readonly noExhibits: string;
  readonly goTo: (title: string) => string;
  readonly map: string;
  readonly youAreHere: (room: string) => string;
  readonly enterRoom: (room: string) => string;
  readonly wishes: string;
  readonly wishLanguage: string;
  readonly textSize: string;
  readonly contrast: string;
  readonly captions: string;
  readonly audioDescription: string;
  readonly plainLanguage: string;
  readonly reducedMotion: string;
  readonly seated: string;
  readonly openByGaze: string;
  readonly close: string;
  readonly listen: string;
  readonly stop: string;
  readonly read: (title: string) => string;
  readonly annotations: string;
  readonly annotation: (title: string) => string;
  readonly comeNearer: string;
  readonly untitled: string;
  readonly arrived: (what: string) => string;
}

const en: Words = {
  language: 'en',
  languageName: 'English',
  walkName: 'View of the gallery',
  walkHelp: 'Arrow keys or W A S D walk, Q and E turn, Shift hurries. Drag to look, tap the floor to go there.',
  connecting: 'Connecting',
  live: 'Connected',
  waiting: (seconds) => (seconds > 0 ? `No connection. Trying again in ${seconds} s` : 'No connection. Trying again'),
  refused: 'The museum does not answer',
  tryNow: 'Try now',
  loading: (shown, all) => `Bringing in exhibits: ${shown} of ${all}`,
  exhibits: 'Exhibits',
  exhibitsHere: 'Exhibits near you',
  noExhibits: 'No exhibit is in view. Turn around, or choose a gallery on the map.',
  goTo: (title) => `Go to ${title}`,
  map: 'Map',
  youAreHere: (room) => `You are here: ${room}`,
  enterRoom: (room) => `Go to the gallery ${room}`,
  wishes: 'Settings',
  wishLanguage: 'Language',
  textSize: 'Text size',
  contrast: 'High contrast',
  captions: 'Captions to what is spoken',
  audioDescription: 'Describe what is seen',
  plainLanguage: 'Plain language',
  reducedMotion: 'Less motion',
  seated: 'I am seated',
  openByGaze: 'Open notes by looking at them',
  close: 'Close',
  listen: 'Listen',
  stop: 'Stop speaking',
  read: (title) => `Read about ${title}`,
  annotations: 'Look closer',
  annotation: (title) => `Look closer: ${title}`,
  comeNearer: 'Stay a moment, and its notes appear.',
  untitled: 'Untitled',
  arrived: (what) => `You stand before ${what}`,
};

const zh: Words = {
  language: 'zh-Hans',
  languageName: '简体中文',
  walkName: '展厅画面',
  walkHelp: '方向键或 W A S D 行走，Q、E 转身，Shift 加快。拖动环顾，点按地面前往。',
  connecting: '正在连接',
  live: '已连接',
  waiting: (seconds) => (seconds > 0 ? `连接中断，${seconds} 秒后重试` : '连接中断，正在重试'),
  refused: '博物馆没有应答',
  tryNow: '立即重试',
  loading: (shown, all) => `正在布置展品：${shown} / ${all}`,
  exhibits: '展品',
  exhibitsHere: '您附近的展品',
  noExhibits: '视野中没有展品。请转身，或在地图上选择展厅。',
  goTo: (title) => `前往${title}`,
  map: '地图',
  youAreHere: (room) => `您在这里：${room}`,
  enterRoom: (room) => `前往展厅${room}`,
  wishes: '设置',
  wishLanguage: '语言',
  textSize: '文字大小',
  contrast: '高对比度',
  captions: '为语音显示字幕',
  audioDescription: '口述画面',
  plainLanguage: '浅显文字',
  reducedMotion: '减少动态效果',
  seated: '我坐着参观',
  openByGaze: '注视即可打开说明',
  close: '关闭',
  listen: '朗读',
  stop: '停止朗读',
  read: (title) => `阅读${title}`,
  annotations: '细看',
  annotation: (title) => `细看：${title}`,
  comeNearer: '请稍候片刻，细节说明即将出现。',
  untitled: '无题',
  arrived: (what) => `您在${what}前`,
};

export const LANGUAGES: readonly Words[] = [en, zh];

/** The table for the dearest language that has one. */
export function wordsFor(languages: readonly string[]): Words {
  for (const wished of languages) {
    const primary = wished.toLowerCase().split('-')[0];
    const found = LANGUAGES.find((words) => words.language.split('-')[0] === primary);
    if (found) return found;
  }
  return en;
}

/** The museum's own name of something, in the language of the interface or the nearest it has. */
export function named(names: Readonly<Record<string, string>>, words: Words, otherwise: string): string {
  const primary = words.language.split('-')[0] as string;
  const found = Object.keys(names).find((language) => language.split('-')[0] === primary);
  return names[found ?? 'en'] ?? Object.values(names)[0] ?? otherwise;
}
