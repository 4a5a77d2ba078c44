export type { MessageKey, ReasonText } from './catalogue.ts';
export {
  isLanguage,
  languageFacts,
  languages,
  type Language,
  type LanguageFacts,
} from './languages.ts';
export { deliveredNotice } from './delivered-notice.ts';
export { recordNotice, type Notice, type NoticeFacts } from './record-notice.ts';
export { loadTexts, type MessageValues, type Tag, type Texts } from './texts.ts';
