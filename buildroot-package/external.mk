include $(sort $(wildcard $(BR2_EXTERNAL_DASHVOIP_PATH)/package/dashvoip/*.mk))
