export { exportCards, importCards } from './cards';
export { type Contact, MAX_NAME, MAX_NUMBER, nameKey, SHORT_NUMBER } from './contact';
export { KeptPhoneBook } from './kept-phone-book';
export { type ImportResult, PhoneBook, type PhoneBookKeeper } from './phone-book';
