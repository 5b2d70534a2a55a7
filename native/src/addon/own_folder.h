#ifndef DASHVOIP_ADDON_OWN_FOLDER_H_
#define DASHVOIP_ADDON_OWN_FOLDER_H_

#include <string>

namespace dashvoip {
namespace addon {

/** Folder of this addon, where its modules lie. */
std::string OwnFolder();

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_OWN_FOLDER_H_
