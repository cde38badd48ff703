/** What the phone's page says, in the languages it knows. */
export const WORDS = {
  en: {
    title: 'Point your phone at an artifact',
    consent:
      'To tell you what you are looking at, this page takes small pictures with your camera and sends them to this museum’s own computer. They are looked at once and never kept, and nobody else gets them.',
    consentStop: 'You can stop at any time. Everything else here works without the camera.',
    agree: 'Use the camera',
    decline: 'Not now, walk through the museum',
    starting: 'Waiting for the camera …',
    looking: 'Looking … hold the artifact within the picture.',
    notOurs: 'This is not one of this museum’s artifacts, or not one that it knows.',
    unclear: 'Too dark, too far or too shaky to say. Come closer or hold still.',
    unavailable: 'This museum recognizes no pictures at the moment. Look for the artifact in the walk instead.',
    sure: (percent: number) => `${percent} % sure`,
    maybe: 'or perhaps',
    why: 'Why',
    took: (whole: number, steps: readonly string[]) => `${whole} ms: ${steps.join(', ')}.`,
    stages: {
      capture: 'picture', queue: 'waiting', decode: 'reading it', embed: 'looking', search: 'comparing',
      verify: 'checking', pose: 'placing', deliver: 'way there and back',
    },
    stop: 'Stop the camera',
    again: 'Look for something else',
    look: 'Look at it here',
    place: 'Place it in your room',
    placeHint: 'Point at the floor or a table and tap where it should stand.',
    quickLook: 'Place it in your room (Quick Look)',
    preparing: 'Preparing the model …',
    overlay: 'See it over the camera picture',
    noModel: 'There is no model of it yet.',
    annotations: 'Look closer',
    walk: 'Walk',
    camera: 'Camera',
    back: 'Back',
    size: 'Drag to turn it, pinch to see it larger or smaller.',
    trueSize: 'True size',
    failed: {
      NotAllowedError: 'The camera was not allowed. Allow it in the browser’s settings for this page, then try again.',
      NotFoundError: 'This device has no camera that the browser can use.',
      NotReadableError: 'Another app is using the camera. Close it, then try again.',
      insecure: 'Browsers give the camera only to secure pages. Ask for this page’s https address.',
      other: 'The camera could not be opened.',
    },
    connection: {
      connecting: 'Connecting to the museum …',
      waiting: 'The connection was lost. What you see may be old. Trying again …',
      refused: 'The visit goes on in another window.',
      retry: 'Try now',
    },
    outdated: 'The museum’s page has been renewed.',
    reload: 'Load it anew',
  },
  zh: {
    title: '用手机对准一件藏品',
    consent: '为了告诉您眼前是什么，本页会用相机拍下小尺寸画面，发送到本馆自己的电脑。画面只看一次，绝不保存，也不会交给任何其他人。',
    consentStop: '您可以随时停止。不用相机，其他功能也都可以使用。',
    agree: '使用相机',
    decline: '暂不使用，先逛展厅',
    starting: '正在等待相机……',
    looking: '正在辨认……请让藏品留在画面中。',
    notOurs: '这不是本馆的藏品，或者本馆尚不认识它。',
    unclear: '太暗、太远或晃动，无法辨认。请靠近一些或拿稳手机。',
    unavailable: '本馆暂时不能辨认画面。请在展厅里寻找这件藏品。',
    sure: (percent: number) => `把握 ${percent}%`,
    maybe: '也可能是',
    why: '依据',
    took: (whole: number, steps: readonly string[]) => `${whole} 毫秒：${steps.join('，')}。`,
    stages: {
      capture: '拍摄', queue: '排队', decode: '读取', embed: '辨认', search: '比对', verify: '核对', pose: '定位',
      deliver: '往返传输',
    },
    stop: '关闭相机',
    again: '再认一件',
    look: '在这里观看',
    place: '放到您的房间里',
    placeHint: '对准地面或桌面，点一下它要站立的位置。',
    quickLook: '放到您的房间里（快速查看）',
    preparing: '正在准备模型……',
    overlay: '叠加在相机画面上观看',
    noModel: '这件藏品还没有模型。',
    annotations: '细看',
    walk: '展厅',
    camera: '相机',
    back: '返回',
    size: '拖动可以转动，双指可以缩放。',
    trueSize: '原大',
    failed: {
      NotAllowedError: '相机未获许可。请在浏览器设置中允许本页使用相机，然后重试。',
      NotFoundError: '这台设备没有浏览器可用的相机。',
      NotReadableError: '另一个应用正在使用相机。请关闭它，然后重试。',
      insecure: '浏览器只允许安全网页使用相机。请索取本页的 https 地址。',
      other: '无法打开相机。',
    },
    connection: {
      connecting: '正在连接博物馆……',
      waiting: '连接中断，您看到的可能是旧内容。正在重试……',
      refused: '参观已在另一个窗口继续。',
      retry: '立即重试',
    },
    outdated: '博物馆网页已更新。',
    reload: '重新载入',
  },
} as const;

export type Words = (typeof WORDS)['en'] | (typeof WORDS)['zh'];

/** The words for the first wished language that there are words in; English where there are none. */
export function wordsFor(languages: readonly string[]): { words: Words; language: 'en' | 'zh-Hans' } {
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return { words: WORDS.zh, language: 'zh-Hans' };
    if (/^en\b/i.test(language)) return { words: WORDS.en, language: 'en' };
  }
  return { words: WORDS.en, language: 'en' };
}
