/** What is done, in lower case; Microsoft Entra ends its activities with a full stop here. */
const said = `lower(rtrim(operation, '.'))`;
const among = (names: readonly string[]): string => `${said} IN (${names.map((name) => `'${name}'`).join(", ")})`;
const starts = (...words: readonly string[]): string => `(${words.map((word) => `starts_with(${said}, '${word}')`).join(" OR ")})`;
/** A CASE over the names of operations. */
const choice = (cases: Readonly<Record<number, readonly string[]>>, otherwise: number): string => `CASE ${Object.entries(cases).map(([id, names]) => `WHEN ${among(names)} THEN ${id}`).join(" ")} ELSE ${otherwise} END`;

const SIGN_IN = { 1: ["userloggedin", "userloginfailed", "teamssessionstarted", "mailboxlogin", "passwordlogoninitialauthusingpassword", "foreignrealmindexlogoninitialauthusingadfsfederatedtoken"], 2: ["userloggedoff", "usersignedout"] };

const ACCOUNT = {
  1: ["add user", "restore user", "invite external user"],
  2: ["enable account"],
  3: ["change user password"],
  4: ["reset user password"],
  5: ["disable account"],
  6: ["delete user", "hard delete user"],
  10: ["enable strong authentication"],
  11: ["disable strong authentication"],
  99: ["update user", "change user license", "set force change user password", "set license properties", "update stsrefreshtokenvalidfrom timestamp"],
};

const GRANT = {
  1: [
    "add member to role", "add eligible member to role", "consent to application", "add delegated permission grant", "add oauth2permissiongrant", "add app role assignment to service principal", "add app role assignment grant to user",
    "add-mailboxpermission", "add-recipientpermission", "add-mailboxfolderpermission", "set-mailboxfolderpermission", "addfolderpermissions", "add-rolegroupmember", "new-managementroleassignment", "sitecollectionadminadded",
  ],
  2: [
    "remove member from role", "remove eligible member from role", "remove delegated permission grant", "remove oauth2permissiongrant", "remove app role assignment from service principal",
    "remove-mailboxpermission", "remove-recipientpermission", "remove-mailboxfolderpermission", "removefolderpermissions", "remove-rolegroupmember", "remove-managementroleassignment", "sitecollectionadminremoved",
  ],
};

const GROUP = {
  3: ["add member to group", "memberadded", "addedtogroup", "add-distributiongroupmember", "add-unifiedgrouplinks"],
  4: ["remove member from group", "memberremoved", "removedfromgroup", "remove-distributiongroupmember", "remove-unifiedgrouplinks"],
  5: ["delete group", "teamdeleted", "groupremoved", "remove-distributiongroup", "remove-unifiedgroup"],
  6: ["add group", "teamcreated", "groupadded", "new-distributiongroup", "new-unifiedgroup"],
  99: ["update group", "groupupdated", "memberrolechanged"],
};

const FILE = {
  1: ["fileuploaded", "filesyncuploadedfull", "filesyncuploadedpartial", "fileuploadedpartial"],
  2: ["filedownloaded", "filesyncdownloadedfull", "filesyncdownloadedpartial"],
  3: ["filemodified", "filemodifiedextended", "foldermodified"],
  4: ["filedeleted", "filerecycled", "filedeletedfirststagerecyclebin", "filedeletedsecondstagerecyclebin", "folderdeleted", "folderrecycled", "folderdeletedfirststagerecyclebin", "folderdeletedsecondstagerecyclebin", "fileversionsalldeleted"],
  5: ["filerenamed", "folderrenamed"],
  6: ["filecopied", "foldercopied"],
  7: ["filemoved", "foldermoved"],
  8: ["filerestored", "folderrestored"],
  9: ["filepreviewed"],
  10: ["filecheckedout"],
  11: ["filecheckedin", "filecheckoutdiscarded"],
  12: ["sharingset", "sharinginvitationcreated", "anonymouslinkcreated", "securelinkcreated", "companylinkcreated", "anonymouslinkupdated", "securelinkupdated", "addedtosecurelink"],
  13: ["sharingrevoked", "sharinginvitationrevoked", "anonymouslinkremoved", "securelinkdeleted", "companylinkremoved", "removedfromsecurelink"],
  14: ["fileaccessed", "fileaccessedextended", "anonymouslinkused", "securelinkused", "companylinkused"],
};
const ofFiles = `service IN ('SharePoint', 'OneDrive') AND (${among(Object.values(FILE).flat())} OR ${starts("file", "folder")})`;

const MAIL = { 1: ["send", "sendas", "sendonbehalf"], 2: ["timaildata"] };
const ALERT = { 1: ["alerttriggered"], 2: ["alertentitygenerated", "alertupdated"] };

const names = (cases: Readonly<Record<number, readonly string[]>>): string => among(Object.values(cases).flat());

/** OCSF's class. A mail of which no address is known is a call like any other: OCSF wants one. */
export const classUid = `CASE
    WHEN ${names(SIGN_IN)} THEN 3002
    WHEN ${names(ALERT)} THEN 2004
    WHEN ${names(ACCOUNT)} THEN 3001
    WHEN ${names(GRANT)} THEN 3005
    WHEN ${names(GROUP)} THEN 3006
    WHEN ${ofFiles} THEN 6006
    WHEN ${names(MAIL)} AND (mail_from IS NOT NULL OR mail_to IS NOT NULL) THEN 4009
    ELSE 6003 END`;

const call = `CASE
    WHEN ${starts("new-", "add", "create", "enable", "install", "publish", "upload")} THEN 1
    WHEN ${starts("get", "search", "view", "list", "export", "download", "preview", "page", "read")} OR ${said} = 'mailitemsaccessed' THEN 2
    WHEN ${starts("set", "update", "change", "modify", "disable", "edit", "rename")} THEN 3
    WHEN ${starts("remove", "delete", "hard", "soft", "clear", "purge", "movetodeleteditems")} THEN 4
    WHEN ${said} <> '' THEN 99 ELSE 0 END`;

/** OCSF's activity within the class. */
export const activityId = `CASE class_uid
    WHEN 3002 THEN ${choice(SIGN_IN, 99)} WHEN 2004 THEN ${choice(ALERT, 99)} WHEN 3001 THEN ${choice(ACCOUNT, 99)} WHEN 3005 THEN ${choice(GRANT, 99)}
    WHEN 3006 THEN ${choice(GROUP, 99)} WHEN 6006 THEN ${choice(FILE, 99)} WHEN 4009 THEN ${choice(MAIL, 99)} ELSE ${call} END`;
