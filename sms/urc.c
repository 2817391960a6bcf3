#include "sms/urc.h"

#include <string.h>

/* The longer prefix first where one begins with another. */
static const struct {
    const char *prefix;
    UrcKind kind;
} urcs[] = {
    { "+CMTI:", URC_MESSAGE },
    { "+CDSI:", URC_REPORT },
    { "+CMT:", URC_DIRECT },
    { "+CDS:", URC_DIRECT },
    { "+CBM:", URC_DIRECT },
    { "+CREG:", URC_REGISTRATION },
    { "+CGREG:", URC_CHATTER },
    { "+CEREG:", URC_REGISTRATION },
    { "^SMMEMFULL", URC_FULL },
    { "+SMMEMFULL", URC_FULL },
    { "*SMSFULL", URC_FULL },
    { "+QIND: \"smsfull\"", URC_FULL },
    { "+QIND: SMS DONE", URC_READY },
    { "+QIND: PB DONE", URC_CHATTER },
    { "+QIND:", URC_CHATTER },
    { "+CIEV: \"SMSFULL\"", URC_FULL },
    { "+CIEV: \"MESSAGE\"", URC_FULL },
    { "+CIEV: SMSFULL", URC_FULL },
    { "+CIEV: MESSAGE", URC_FULL },
    { "+CIEV:", URC_CHATTER }, /* signal, battery … */
    { "RDY", URC_BOOT },
    { "^SYSSTART", URC_BOOT },
    { "^BOOT", URC_BOOT },
    { "+CFUN:", URC_CHATTER },
    { "SMS READY", URC_READY },
    { "SMS DONE", URC_READY },
    { "CALL READY", URC_CHATTER },
    { "PB DONE", URC_CHATTER },
    { "APP RDY", URC_BOOT },
    { "+CPIN:", URC_SIM },
    { "^SIMST:", URC_CHATTER },
    { "+SIM:", URC_CHATTER },
    { "RING", URC_CALL },
    { "+CRING:", URC_CALL },
    { "+CLIP:", URC_CALL },
    { "NO CARRIER", URC_CALL }, /* the end of a call that we never made */
    { "BUSY", URC_CALL },
    { "NO ANSWER", URC_CALL },
    { "NO DIALTONE", URC_CALL },
    { "NORMAL POWER DOWN", URC_BOOT },
    { "POWERED DOWN", URC_BOOT },
    { "UNDER-VOLTAGE", URC_CHATTER },
    { "OVER-VOLTAGE", URC_CHATTER },
    { "^RSSI:", URC_CHATTER },
    { "^MODE:", URC_CHATTER },
    { "^SRVST:", URC_CHATTER },
    { "^DSFLOWRPT", URC_CHATTER },
    { "^HCSQ:", URC_CHATTER },
    { "^STIN:", URC_CHATTER },
    { "^CSNR:", URC_CHATTER },
    { "^THERM:", URC_CHATTER },
    { "^NWTIME:", URC_CHATTER },
    { "+STIN:", URC_CHATTER },
    { "+CUSD:", URC_CHATTER },
    { "+CTZV:", URC_CHATTER },
    { "+CTZE:", URC_CHATTER },
    { "*PSUTTZ", URC_CHATTER },
    { "DST:", URC_CHATTER },
    { "+PACSP", URC_CHATTER },
};

UrcKind urc_kind(const char *line)
{
    for (guint i = 0; i < G_N_ELEMENTS(urcs); i++)
        if (g_ascii_strncasecmp(line, urcs[i].prefix, strlen(urcs[i].prefix)) == 0)
            return urcs[i].kind;
    return URC_NONE;
}
